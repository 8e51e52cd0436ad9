/** What everybody who is signed in may do. */
const everybody = ['self.read'];

/** What each role may do. `*` stands for any word; a permission is `<area>.<deed>`. */
export const roles: Readonly<Record<string, readonly string[]>> = {
  administrator: ['*.*'],
  operator: ['access.read', 'access.write'],
  sales: ['contacts.*', 'sales.*', 'imports.*', 'events.read'],
  viewer: ['contacts.read', 'sales.read', 'imports.read', 'events.read'],
  integrator: ['events.read', 'contacts.read', 'contacts.write', 'sales.read', 'sales.write', 'imports.*'],
  privacy: ['contacts.read', 'privacy.erase'],
};

/** May issue tokens for any tenant, and so open new ones; everybody else stays in their own. */
export const OPERATOR = 'operator';

/** Of all permissions that the contract knows, those that these roles give. */
export const permissionsOf = (names: readonly string[], known: readonly string[]): ReadonlySet<string> => {
  const patterns = [...everybody, ...names.flatMap((name) => roles[name] ?? [])];
  return new Set(known.filter((permission) => patterns.some((pattern) => covers(pattern, permission))));
};

const covers = (pattern: string, permission: string): boolean => {
  const [area, deed] = pattern.split('.');
  const [wantedArea, wantedDeed] = permission.split('.');
  return (area === '*' || area === wantedArea) && (deed === '*' || deed === wantedDeed);
};
