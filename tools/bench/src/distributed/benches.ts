import type { Bench } from '../row.js';
import { create } from './rows/create.js';
import { freshness } from './rows/freshness.js';
import { hops } from './rows/hops.js';
import { processes } from './rows/processes.js';
import { rebuild } from './rows/rebuild.js';
import type { Sides } from './sides.js';

/** `freshness` wants empty engines, `processes` used ones; `rebuild` stops sales, and `hops` all that the others measure. */
export const distributedBenches: readonly Bench<Sides>[] = [freshness, create, processes, rebuild, hops];
