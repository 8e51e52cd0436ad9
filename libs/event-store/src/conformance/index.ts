export * from './bookkeeping-suite.js';
export * from './event-store-suite.js';
export * from './event-store-under-test.js';
export * from './sample-events.js';
