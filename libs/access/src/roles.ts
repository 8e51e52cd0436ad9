import { DomainError, type Principal } from '@rapport/kernel';
import { builtInRoles } from './built-in-roles.js';
import type { Grant } from '@rapport/kernel';
import { givesPermission } from './permission.js';

/** What everybody who is signed in may do. */
export const SELF = 'self.read';

/** May issue tokens for any tenant, and so open new ones; everybody else stays in their own. */
export const OPERATOR = 'operator';

/** In the place of a tenant, for what is of none. */
export const NO_TENANT = '_';

/** The gateway itself, which asks who comes. No token and no user has it. */
export const GATEWAY = 'gateway';

/** Of the installation, not of a tenant: permissions, since what it is about are no records. */
const ofInstallation: Readonly<Record<string, ReadonlySet<string>>> = {
  [OPERATOR]: new Set(['access.read', 'access.write', 'operations.read', 'operations.write']),
  [GATEWAY]: new Set(['credentials.read', 'audit.note']),
};

/** Roles by the names that tokens have them under. */
export const roles: Readonly<Record<string, readonly Grant[]>> = {
  ...Object.fromEntries(Object.entries(builtInRoles).map(([name, { grants }]) => [name, grants])),
  [OPERATOR]: [],
  // Tokens that were issued before it was called so.
  privacy: builtInRoles['privacy-officer'].grants,
};

type Caller = Pick<Principal, 'roles' | 'permissions'>;

/** Of all permissions that the contract knows, those that a caller has. */
export const permissionsOf = (caller: Caller, known: readonly string[]): ReadonlySet<string> =>
  new Set(known.filter((permission) => isGiven(caller, permission)));

/** @throws DomainError forbidden, naming the permission that is missing; a method that asks for none is nobody's */
export const requirePermission = (caller: Caller, permission: string | undefined): void => {
  if (permission !== undefined && isGiven(caller, permission)) return;
  const given = caller.permissions
    ? 'your roles and your key do'
    : `the roles of this token (${caller.roles.join(', ')}) do`;
  const message =
    permission === undefined
      ? 'Nobody may call this.'
      : `This needs the permission "${permission}", which ${given} not give.`;
  throw new DomainError('forbidden', 'permission-missing', message);
};

const isGiven = ({ roles: names, permissions }: Caller, permission: string): boolean =>
  permission === SELF ||
  (permissions?.includes(permission) ?? names.some((name) => permissionsOfRole(name)(permission)));

const remembered = new Map<string, Map<string, boolean>>();

/** Names come from what is stored: not each is one of ours. */
const permissionsOfRole = (name: string): ((permission: string) => boolean) => {
  if (!Object.hasOwn(roles, name) && !Object.hasOwn(ofInstallation, name)) return () => false;
  const known = remembered.get(name) ?? new Map<string, boolean>();
  remembered.set(name, known);
  return (permission) => {
    const given =
      known.get(permission) ??
      (ofInstallation[name]?.has(permission) || givesPermission(roles[name] ?? [], permission));
    known.set(permission, given);
    return given;
  };
};
