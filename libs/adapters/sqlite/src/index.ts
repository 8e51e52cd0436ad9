export * from './database.js';
export * from './schema.js';
export * from './sqlite-event-store.js';
export * from './sqlite-file-store.js';
export * from './sqlite-key-store.js';
export * from './sqlite-message-bus.js';
export * from './sqlite-read-model-schema.js';
export * from './sqlite-read-model-store.js';
