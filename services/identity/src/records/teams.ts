import { identityV1 } from '@rapport/contracts';
import { defineRecord, type DocumentOf, type RecordsOf } from '@rapport/service-kit';
import { team } from '../domain/team/team.js';

/** People who work together; none of them stands under itself. */
export const teams = defineRecord({
  decider: team,
  contract: identityV1,
  plural: 'teams',
  refersTo: { parentId: 'team', managerId: 'user', roleIds: 'role' },
  sort: [{ field: 'name' }],
  indexes: [['name'], ['provisioned']],
  lookups: [['parentId'], ['externalId']],
});

export type TeamDocument = DocumentOf<typeof teams>;
export type TeamRecords = RecordsOf<typeof teams>;
