export * from './key-store-suite.js';
