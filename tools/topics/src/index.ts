export * from './required-topics.js';
