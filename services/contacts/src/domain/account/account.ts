import { recordDecider, reject, type RecordState } from '@rapport/kernel';
import type { AccountFields } from './account.events.js';

export type AccountState = RecordState<AccountFields>;

/** A company: a plain record that has a name. */
export const account = recordDecider<'Account', AccountFields>('account', 'Account', (fields) =>
  fields.name?.trim() ? undefined : reject('invalid', 'name-missing', 'An account needs a name.', '/name'),
);
