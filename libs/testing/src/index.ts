export * from './call.js';
export * from './engines.js';
export * from './import-rules.js';
export * from './simulated-time.js';
export * from './software-passkey.js';
