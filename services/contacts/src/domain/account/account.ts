import { needsName, recordDecider, type RecordState } from '@rapport/kernel';
import type { AccountFields } from './account.events.js';

export type AccountState = RecordState<AccountFields>;

/** A company: a plain record that has a name. */
export const account = recordDecider<'Account', AccountFields>('account', 'Account', needsName('An account'));
