import type { Bench } from '../row.js';
import { growth } from './growth.js';

/** What is measured with very many records. */
export const largeBenches: readonly Bench[] = [growth];
