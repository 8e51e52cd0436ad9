export * from './block-keys.js';
export * from './compare.js';
export * from './evidence.js';
export * from './find-pairs.js';
export * from './matching.js';
export type { Address } from './place.js';
export * from './person.js';
export * from './thresholds.js';
