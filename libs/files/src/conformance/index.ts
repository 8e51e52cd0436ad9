export * from './file-store-suite.js';
