export type { Scope } from '@rapport/read-models';
export * from './roles.js';
export * from './scope-of.js';
