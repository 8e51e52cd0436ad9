export type { Scope } from '@rapport/read-models';
export * from './scope-of.js';
