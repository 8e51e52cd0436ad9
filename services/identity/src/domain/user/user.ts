import { erasable, type ErasableState, type FieldPatch, needsName, recordDecider } from '@rapport/kernel';
import { knownTimeZone } from '../time-zone.js';
import type { UserFields } from './user.events.js';

export type UserState = ErasableState<UserFields>;

export type UserChange = FieldPatch<UserFields>;

/** What says nothing about a person, and so is left when the person is erased. */
export const KEPT_ON_ERASURE = [
  'kind',
  'locale',
  'timeZone',
  'teamIds',
  'roleIds',
  'externalId',
  'representativeId',
] as const satisfies readonly (keyof UserFields)[];

const named = needsName('A user');

const record = recordDecider<'User', UserFields>(
  'user',
  'User',
  (fields, before) => named(fields, before) ?? knownTimeZone(fields.timeZone, before?.timeZone),
);

/** Somebody who works with Rapport: a plain record with a name, that can be forgotten. Archived, access has ended. */
export const user = erasable('User', record, KEPT_ON_ERASURE);

/** Whether somebody may come in, and has a role. */
export const isActiveWith = (state: UserState, roleId: string): boolean =>
  state !== null && !state.archived && (state.roleIds ?? []).includes(roleId);
