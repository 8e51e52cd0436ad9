export type { Scope } from '@rapport/read-models';
export * from './attempts.js';
export * from './built-in-roles.js';
export * from './grants.js';
export { givesPermission } from './permission.js';
export * from './roles.js';
export * from './scope-of.js';
