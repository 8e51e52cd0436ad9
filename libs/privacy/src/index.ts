export * from './cached-key-store.js';
export * from './in-memory-key-store.js';
export * from './key-store.js';
export * from './key-wrapping.js';
export * from './master-key.js';
export * from './personal-fields.js';
export * from './random-bytes.js';
export * from './sealed-event-store.js';
