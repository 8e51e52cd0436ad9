export * from './api.js';
export { ADMINISTRATOR, type Settings } from './assembly.js';
export * from './csv.js';
export * from './event-stream.js';
export * from './eventually.js';
export * from './generated-company.js';
export * from './imports.js';
export { type ProcessAssembly, startProcesses } from './processes/process-assembly.js';
export * from './rapport.js';
