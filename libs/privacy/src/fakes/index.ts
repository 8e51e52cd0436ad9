export * from './mortal-key-store.js';
