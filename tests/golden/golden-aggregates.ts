import { contactsGolden } from './contacts.golden.js';
import type { GoldenAggregate } from './golden-events.js';
import { identityGolden } from './identity.golden.js';
import { plainGolden } from './plain-records.golden.js';
import { salesGolden } from './sales.golden.js';

const told: readonly GoldenAggregate[] = [...contactsGolden, ...salesGolden, ...identityGolden];

/** Histories that are told, and those that follow from the contract. */
export const goldenAggregates: readonly GoldenAggregate[] = [...told, ...plainGolden(told)];
