import { DomainError, type Principal } from '@rapport/kernel';

/** What everybody who is signed in may do. */
const everybody = ['self.read'];

/**
 * What each role may do. A permission is `<area>.<deed>`, and `*` stands for any word; what touches every tenant of an
 * installation has to be named, though.
 */
export const roles: Readonly<Record<string, readonly string[]>> = {
  administrator: ['*.*'],
  operator: ['access.read', 'access.write', 'operations.read', 'operations.write'],
  sales: ['contacts.*', 'sales.*', 'imports.*', 'events.read'],
  viewer: ['contacts.read', 'sales.read', 'imports.read', 'events.read'],
  integrator: ['events.read', 'contacts.read', 'contacts.write', 'sales.read', 'sales.write', 'imports.*'],
  privacy: ['contacts.read', 'privacy.erase'],
};

/** Rights on the installation: a tenant's administrator does not have them. */
const onInstallation: ReadonlySet<string> = new Set(['operations.write']);

/** May issue tokens for any tenant, and so open new ones; everybody else stays in their own. */
export const OPERATOR = 'operator';

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
  [...everybody, ...names.flatMap(patternsOf)].some((pattern) => covers(pattern, permission));

/** Names come from what is stored: not each is one of ours. */
const patternsOf = (name: string): readonly string[] => (Object.hasOwn(roles, name) ? roles[name]! : []);

const covers = (pattern: string, permission: string): boolean => {
  if (pattern === permission) return true;
  if (onInstallation.has(permission)) return false;
  const [area, deed] = pattern.split('.');
  const [wantedArea, wantedDeed] = permission.split('.');
  return (area === '*' || area === wantedArea) && (deed === '*' || deed === wantedDeed);
};
