export * from './eventually.js';
export * from './message-bus-suite.js';
export * from './message-bus-under-test.js';
