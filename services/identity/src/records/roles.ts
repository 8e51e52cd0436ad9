import { identityV1 } from '@rapport/contracts';
import { defineRecord, type RecordsOf } from '@rapport/service-kit';
import { role } from '../domain/role/role.js';

/** What somebody may do. */
export const roles = defineRecord({
  decider: role,
  contract: identityV1,
  plural: 'roles',
  sort: [{ field: 'name' }],
  indexes: [['name'], ['builtIn']],
  unlisted: ['description'],
});

export type RoleRecords = RecordsOf<typeof roles>;
