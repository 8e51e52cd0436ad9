import type { Action, Grant, Role } from '@rapport/kernel';

/** A role that every tenant begins with, as data: from then on it is the tenant's to copy and to change. */
export interface BuiltInRole extends Role {
  /** One more than that of the definition before: tenants that have not changed the role follow it. */
  readonly version: number;
  readonly name: string;
  readonly description: string;
}

const grants = (objects: readonly string[], ...actions: readonly (Action | '*')[]): readonly Grant[] =>
  objects.flatMap((object) => actions.map((action): Grant => ({ object, action, scope: 'all' })));

const PEOPLE = ['contact', 'account', 'activity', 'lead', 'consent'];
const SALES = ['opportunity', 'product', 'pipeline', 'representative', 'report'];
/** Who else there is, and what the feed and imports tell: what everybody needs who works with records. */
const SURROUNDINGS = grants(['tenant', 'user', 'team', 'role', 'event', 'import', 'field', 'form'], 'read');
/** What people fill in who are not signed in. */
const FORMS = grants(['form'], '*');

const role = (
  version: number,
  name: string,
  description: string,
  ...given: readonly (readonly Grant[])[]
): BuiltInRole => ({
  version,
  name,
  description,
  grants: given.flat(),
  fields: [],
});

export const builtInRoles = {
  administrator: role(1, 'Administrator', 'Everything in the own tenant.', grants(['*'], '*', 'erase')),
  manager: role(
    6,
    'Manager',
    'Everything with contacts and sales; sees who uses Rapport.',
    grants([...PEOPLE, ...SALES], '*'),
    FORMS,
    SURROUNDINGS,
  ),
  sales: role(6, 'Sales', 'Works with contacts and sales.', grants([...PEOPLE, ...SALES], '*'), SURROUNDINGS),
  marketing: role(
    6,
    'Marketing',
    'Works with contacts, looks at sales.',
    grants(PEOPLE, '*'),
    grants(SALES, 'read'),
    FORMS,
    SURROUNDINGS,
  ),
  service: role(
    6,
    'Service',
    'Works with contacts, accounts and leads, looks at sales.',
    grants(PEOPLE, 'read', 'create', 'edit'),
    grants(SALES, 'read'),
    SURROUNDINGS,
  ),
  analyst: role(
    6,
    'Analyst',
    'Looks at everything and takes it along, changes nothing.',
    grants([...PEOPLE, ...SALES], 'read', 'export'),
    SURROUNDINGS,
  ),
  viewer: role(
    6,
    'Viewer',
    'Looks at everything, changes nothing.',
    grants([...PEOPLE, ...SALES], 'read'),
    SURROUNDINGS,
  ),
  integrator: role(
    6,
    'Integrator',
    'A program that keeps another system and this one alike.',
    grants([...PEOPLE, ...SALES], '*'),
    FORMS,
    SURROUNDINGS,
  ),
  provisioning: role(
    1,
    'Provisioning',
    'A directory that keeps users and teams here as it has them (SCIM).',
    grants(['provisioning'], '*'),
  ),
  'privacy-officer': role(
    4,
    'Privacy officer',
    'Looks people up, records what they withdraw, has them forgotten, and sees who did what.',
    grants([...PEOPLE, 'auditEntry'], 'read'),
    grants(['contact', 'lead', 'representative', 'user'], 'erase'),
    // To record that somebody withdraws or objects, and nothing else.
    grants(['consent'], 'edit'),
  ),
} as const satisfies Readonly<Record<string, BuiltInRole>>;

export type BuiltInRoleName = keyof typeof builtInRoles;
