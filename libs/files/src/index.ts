export * from './file-store.js';
export * from './in-memory-file-store.js';
export * from './sealed-file-store.js';
