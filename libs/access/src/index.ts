export type { Scope } from '@rapport/read-models';
export * from './attempts.js';
export * from './built-in-roles.js';
export { givesPermission } from './permission.js';
export { policyVersion } from './policy-version.js';
export { givesRights, ownedObjects } from './reach.js';
export * from './roles.js';
export * from './scope-of.js';
export * from './shared-scope.js';
