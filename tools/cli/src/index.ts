export * from './commands.js';
export type { Terminal } from './terminal.js';
