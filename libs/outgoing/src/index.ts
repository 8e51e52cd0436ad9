export * from './addresses.js';
export * from './outgoing.js';
