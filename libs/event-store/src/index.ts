export * from './append-decision.js';
export * from './append-signal.js';
export * from './errors.js';
export * from './event-size.js';
export * from './event-store.js';
export * from './following.js';
export * from './in-memory-event-store.js';
export * from './stream-name.js';
