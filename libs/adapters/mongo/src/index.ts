export * from './books-in-views.js';
export { ACCESS_REFUSED } from './database-problem.js';
export * from './mongo-connection.js';
export * from './mongo-file-store.js';
export * from './mongo-key-store.js';
export * from './mongo-process-register.js';
export * from './mongo-read-model-store.js';
