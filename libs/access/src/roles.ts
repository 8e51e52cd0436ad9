import { DomainError, type Principal } from '@rapport/kernel';
import { builtInRoles } from './built-in-roles.js';
import type { Grant } from './grants.js';
import { givesPermission } from './permission.js';

/** What everybody who is signed in may do. */
const everybody: ReadonlySet<string> = new Set(['self.read']);

/** May issue tokens for any tenant, and so open new ones; everybody else stays in their own. */
export const OPERATOR = 'operator';

/** Of the installation, not of a tenant: permissions, since what it is about are no records. */
const ofInstallation: Readonly<Record<string, ReadonlySet<string>>> = {
  [OPERATOR]: new Set(['access.read', 'access.write', 'operations.read', 'operations.write']),
};

/** Roles by the names that tokens have them under. */
export const roles: Readonly<Record<string, readonly Grant[]>> = {
  ...Object.fromEntries(Object.entries(builtInRoles).map(([name, { grants }]) => [name, grants])),
  [OPERATOR]: [],
  // Tokens that were issued before it was called so.
  privacy: builtInRoles['privacy-officer'].grants,
};

/** Of all permissions that the contract knows, those that these roles give. */
export const permissionsOf = (names: readonly string[], known: readonly string[]): ReadonlySet<string> =>
  new Set(known.filter((permission) => isGiven(names, permission)));

/** @throws DomainError forbidden, naming the permission that is missing; a method that asks for none is nobody's */
export const requirePermission = ({ roles: names }: Principal, permission: string | undefined): void => {
  if (permission !== undefined && isGiven(names, permission)) return;
  const message =
    permission === undefined
      ? 'Nobody may call this.'
      : `This needs the permission "${permission}", which the roles of this token (${names.join(', ')}) do not give.`;
  throw new DomainError('forbidden', 'permission-missing', message);
};

const isGiven = (names: readonly string[], permission: string): boolean =>
  everybody.has(permission) || names.some((name) => permissionsOfRole(name)(permission));

const remembered = new Map<string, Map<string, boolean>>();

/** Names come from what is stored: not each is one of ours. */
const permissionsOfRole = (name: string): ((permission: string) => boolean) => {
  if (!Object.hasOwn(roles, name)) return () => false;
  const known = remembered.get(name) ?? new Map<string, boolean>();
  remembered.set(name, known);
  return (permission) => {
    const given =
      known.get(permission) ?? (ofInstallation[name]?.has(permission) || givesPermission(roles[name]!, permission));
    known.set(permission, given);
    return given;
  };
};
