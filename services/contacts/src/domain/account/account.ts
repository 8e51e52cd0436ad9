import { needsName, recordDecider, type RecordState, soundShares } from '@rapport/kernel';
import type { AccountFields } from './account.events.js';

export type AccountState = RecordState<AccountFields>;

const named = needsName('An account');

/** A company: a plain record that has a name. */
export const account = recordDecider<'Account', AccountFields>(
  'account',
  'Account',
  (fields, before) => named(fields, before) ?? soundShares(fields),
);
