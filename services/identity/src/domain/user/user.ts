import {
  erasable,
  type FieldPatch,
  needsName,
  protectedRecord,
  type ProtectedState,
  recordDecider,
} from '@rapport/kernel';
import { knownTimeZone } from '../time-zone.js';
import type { UserFields } from './user.events.js';

export type UserState = ProtectedState<UserFields>;

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

/**
 * Somebody who works with Rapport: a plain record with a name, that can be forgotten, put on hold and restricted. Archived, access
 * has ended.
 */
export const user = protectedRecord('User', erasable('User', record, KEPT_ON_ERASURE), KEPT_ON_ERASURE);

/** Whether somebody has access: who was deactivated has none, and what is known about who is restricted is not used. */
export const hasAccess = <State extends Standing>(state: State | null | undefined): state is State =>
  state !== null && state !== undefined && !state.archived && state.restriction === undefined;

interface Standing {
  readonly archived: boolean;
  readonly restriction?: string;
}

/** Whether somebody may come in, and has a role. */
export const isActiveWith = (state: UserState, roleId: string): boolean =>
  hasAccess(state) && (state.roleIds ?? []).includes(roleId);
