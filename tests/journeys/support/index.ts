export * from './api.js';
export * from './csv.js';
export * from './event-stream.js';
export * from './eventually.js';
export * from './generated-company.js';
export * from './imports.js';
export * from './rapport.js';
