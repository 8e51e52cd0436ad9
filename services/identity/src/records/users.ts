import { identityV1 } from '@rapport/contracts';
import { EMAIL_KEY_VERSION, emailKeyOf } from '@rapport/kernel';
import { defineRecord, type DocumentOf, partedPatch, type RecordsOf, withoutReasons } from '@rapport/service-kit';
import { directoryOf } from '../domain/user/directory.js';
import { KEPT_ON_ERASURE, user } from '../domain/user/user.js';

/** Who works with Rapport. After an erasure only what is not personal is left of one. */
export const users = defineRecord({
  decider: user,
  contract: identityV1,
  plural: 'users',
  refersTo: { teamIds: 'team', roleIds: 'role' },
  publishes: {
    UserErased: ({ data: { receiptId } }) => ({ type: 'UserErased', data: { receiptId } }),
    ...withoutReasons('User'),
    UserRectified: ({ data: { set } }) => ({ type: 'UserRectified', data: partedPatch(set) }),
  },
  keepOnErase: KEPT_ON_ERASURE,
  sort: [{ field: 'name' }],
  indexes: [['name'], ['provisioned']],
  lookups: [['emailKey'], ['externalId'], ['userNameKey'], ['representativeId']],
  internal: ['aside'],
  unlisted: ['directory'],
  search: { title: ['name'], subtitle: ['email'], by: { name: 'words', email: 'email', externalId: 'key' } },
  derived: {
    fields: { emailKey: 'text', userNameKey: 'text', provisioned: 'boolean' },
    of: (state) => ({
      emailKey: state.email === undefined ? undefined : emailKeyOf(state.email),
      userNameKey: directoryOf(state)?.userName.toLowerCase(),
      provisioned: state.directory !== undefined,
    }),
    compared: { email: { by: 'emailKey', as: emailKeyOf } },
    version: EMAIL_KEY_VERSION + 1,
  },
});

export type UserDocument = DocumentOf<typeof users>;
export type UserRecords = RecordsOf<typeof users>;
