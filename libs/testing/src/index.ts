export * from './call.js';
export * from './engines.js';
