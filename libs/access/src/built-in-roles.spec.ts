import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { builtInRoles } from './built-in-roles.js';

const digest = ({ grants, fields }: object & { readonly grants: unknown; readonly fields: unknown }): string =>
  createHash('sha256')
    .update(JSON.stringify([grants, fields]))
    .digest('base64url')
    .slice(0, 8);

/**
 * Tenants have these roles as they were defined once. Whoever changes what one says gives it the next version, and writes that down
 * here with the new digest: so the roles of all tenants that have not changed theirs follow.
 */
it('a definition that changes has a new version', () => {
  const known = Object.entries(builtInRoles).map(([name, role]) => `${name} ${role.version} ${digest(role)}`);
  expect(known).toEqual([
    'administrator 1 bNMSUUPT',
    'manager 6 Albz6hyv',
    'sales 6 KUJLr6LW',
    'marketing 6 tkXBf4gM',
    'service 6 IuzzeU5K',
    'analyst 6 cSHLy7iM',
    'viewer 6 bHk1XqQY',
    'integrator 6 Albz6hyv',
    'provisioning 1 pOa5uHlq',
    'privacy-officer 4 IK2apMY9',
  ]);
});
