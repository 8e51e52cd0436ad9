export { type Double, startDouble } from './double.js';
export type { Denial, Ending, Faults, Loss, Switches } from './faults/faults.js';
export type { DoubleOptions } from './options.js';
export { RELEASES } from './release.js';
export { spawnDouble } from './spawn-double.js';
