export * from './scope-of.js';
