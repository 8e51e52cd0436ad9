export * from './call.js';
export * from './engines.js';
export * from './simulated-time.js';
