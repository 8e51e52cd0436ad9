import { contactsGolden } from './contacts.golden.js';
import type { GoldenAggregate } from './golden-events.js';
import { salesGolden } from './sales.golden.js';

/** A service plugs in by its list. */
export const goldenAggregates: readonly GoldenAggregate[] = [...contactsGolden, ...salesGolden];
