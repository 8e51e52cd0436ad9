import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@rapport/kernel';
import { permissionsOf, requirePermission, roles } from './roles.js';

const known = ['contacts.read', 'contacts.write', 'operations.read', 'operations.write', 'privacy.erase', 'self.read'];
const of = (...names: string[]): Principal => ({ tenant: 'main', actor: { kind: 'user', id: 'ada' }, roles: names });

describe('roles', () => {
  it('give what they name, and everybody knows who they are', () => {
    expect([...permissionsOf([], known)]).toEqual(['self.read']);
    expect([...permissionsOf(['viewer'], known)]).toEqual(['contacts.read', 'self.read']);
    expect([...permissionsOf(['privacy', 'nobody'], known)]).toEqual(['contacts.read', 'privacy.erase', 'self.read']);
  });

  it("do not make a tenant's administrator one of the installation", () => {
    const administrator = permissionsOf(['administrator'], known);
    expect(known.filter((permission) => !administrator.has(permission))).toEqual(['operations.write']);
    const others = Object.keys(roles).filter((name) => permissionsOf([name], known).has('operations.write'));
    expect(others).toEqual(['operator']);
  });

  it('are asked before anything is done', () => {
    expect(() => requirePermission(of('viewer'), 'contacts.read')).not.toThrow();
    expect(() => requirePermission(of('viewer'), 'privacy.erase')).toThrow(/"privacy.erase".*\(viewer\)/);
    expect(() => requirePermission(of('administrator', 'operator'), undefined)).toThrow('Nobody');
    expect(() => requirePermission(of('constructor', '__proto__'), 'contacts.read')).toThrow('contacts.read');
  });
});
