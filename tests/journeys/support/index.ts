export * from './api.js';
export * from './event-stream.js';
export * from './eventually.js';
export * from './imports.js';
export * from './rapport.js';
export * from './rapport-process.js';
export * from './csv.js';
export * from './generated-company.js';
