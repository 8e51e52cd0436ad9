import {
  mergeable,
  type MergedState,
  type MergeRules,
  needsName,
  recordDecider,
  type RecordState,
  soundShares,
} from '@rapport/kernel';
import type { AccountFields } from './account.events.js';

export type AccountState = MergedState<RecordState<AccountFields>>;

const named = needsName('An account');

const company = recordDecider<'Account', AccountFields>(
  'account',
  'Account',
  (fields, before) => named(fields, before) ?? soundShares(fields),
);

/** A company: a plain record that has a name, and may turn out to be the same as another. */
export const account = mergeable('Account', company);

/** Two accounts of one company have the tags of both. */
export const ACCOUNT_MERGE: MergeRules = { united: ['tags'], addresses: [] };
