import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@rapport/kernel';
import { builtInRoles } from './built-in-roles.js';
import { actions, type Grant, grantScopes } from '@rapport/kernel';
import { givesPermission } from './permission.js';
import { permissionsOf, requirePermission, roles } from './roles.js';

const known = [
  ...['access.read', 'access.write', 'contacts.read', 'contacts.write', 'events.read', 'identity.read'],
  ...['identity.write', 'imports.read', 'imports.write', 'operations.read', 'operations.write', 'privacy.erase'],
  ...['sales.read', 'sales.write', 'self.read'],
];
const of = (...names: string[]): Principal => ({ tenant: 'main', actor: { kind: 'user', id: 'ada' }, roles: names });

describe('roles', () => {
  const reading = ['contacts.read', 'events.read', 'identity.read', 'imports.read', 'sales.read', 'self.read'];
  const working = [...reading, 'contacts.write', 'imports.write', 'sales.write'].sort();

  it.each([
    ['administrator', known.filter((permission) => permission !== 'operations.write')],
    ['operator', ['access.read', 'access.write', 'operations.read', 'operations.write', 'self.read']],
    ['manager', working],
    ['sales', working],
    ['integrator', working],
    ['viewer', reading],
    ['analyst', reading],
    ['marketing', [...reading, 'contacts.write', 'imports.write'].sort()],
    ['service', [...reading, 'contacts.write'].sort()],
    ['privacy-officer', ['contacts.read', 'privacy.erase', 'self.read']],
    ['privacy', ['contacts.read', 'privacy.erase', 'self.read']],
    ['nobody', ['self.read']],
  ])('%s', (role, permissions) => {
    expect([...permissionsOf({ roles: [role] }, known)]).toEqual(permissions);
  });

  it('add up', () => {
    expect([...permissionsOf({ roles: ['viewer', 'privacy'] }, known)]).toEqual([...reading, 'privacy.erase'].sort());
    expect([...permissionsOf({ roles: [] }, known)]).toEqual(['self.read']);
  });

  it('count for nothing where it is said what the caller may call', () => {
    const narrowed = { ...of('administrator'), permissions: ['sales.read'] };
    expect([...permissionsOf(narrowed, known)]).toEqual(['sales.read', 'self.read']);
    expect(() => requirePermission(narrowed, 'sales.read')).not.toThrow();
    expect(() => requirePermission(narrowed, 'contacts.read')).toThrow('"contacts.read"');
  });

  it("do not make a tenant's administrator one of the installation", () => {
    const able = Object.keys(roles).filter((name) => permissionsOf({ roles: [name] }, known).has('operations.write'));
    expect(able).toEqual(['operator']);
    const everything = actions.map((action): Grant => ({ object: '*', action, scope: 'all' }));
    const ofOthers = ['operations.write', 'credentials.read'].filter((name) => givesPermission(everything, name));
    expect(ofOthers).toEqual([]);
    expect([...permissionsOf({ roles: ['gateway'] }, [...known, 'credentials.read'])]).toEqual([
      'self.read',
      'credentials.read',
    ]);
  });

  it('are asked before anything is done', () => {
    expect(() => requirePermission(of('viewer'), 'contacts.read')).not.toThrow();
    expect(() => requirePermission(of('viewer'), 'privacy.erase')).toThrow(/"privacy.erase".*\(viewer\)/);
    expect(() => requirePermission(of('administrator', 'operator'), undefined)).toThrow('Nobody');
    expect(() => requirePermission(of('constructor', '__proto__'), 'contacts.read')).toThrow('contacts.read');
  });
});

describe('a grant', () => {
  const given = (...grants: Grant[]) => known.filter((permission) => givesPermission(grants, permission));

  it('of any scope but none lets somebody in', () => {
    const permissions = grantScopes.map((scope) => given({ object: 'account', action: 'read', scope }));
    const read = ['contacts.read'];
    expect(permissions).toEqual([[], read, read, read, read]);
  });

  it.each([
    ['account', 'edit', ['contacts.write']],
    ['product', 'import', ['imports.read', 'imports.write']],
    ['user', 'erase', ['privacy.erase']],
    ['report', 'export', ['sales.read']],
    ['apiKey', '*', []],
    ['team', 'edit', ['identity.write']],
    ['role', 'edit', ['identity.write']],
    ['operation', 'read', []],
    ['constructor', 'read', []],
  ] as const)('%s, %s', (object, action, permissions) => {
    expect(given({ object, action, scope: 'own' })).toEqual(permissions);
  });

  it('of keys and of operations lets somebody in only where it is about all of them', () => {
    expect(given({ object: 'operation', action: 'read', scope: 'all' })).toEqual(['operations.read']);
    expect(given({ object: 'apiKey', action: '*', scope: 'all' })).toEqual(['access.read', 'access.write']);
  });

  it('says nothing of fields in what every tenant begins with', () => {
    expect(Object.values(builtInRoles).flatMap(({ fields }) => fields)).toEqual([]);
  });
});
