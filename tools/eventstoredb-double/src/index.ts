export { type Double, startDouble } from './double.js';
export type { Ending, Faults, Loss, Switches } from './faults/faults.js';
export type { DoubleOptions } from './options.js';
export { spawnDouble } from './spawn-double.js';
