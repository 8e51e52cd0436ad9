import { type Circumstances, type FieldPatch, isRejection } from '@rapport/kernel';
import type { UserEvent } from './user.events.js';
import { user, type UserState } from './user.js';

/** What sales says of a representative, as far as it is about the user who that is. */
export interface Said {
  readonly name?: string;
  readonly externalId?: string;
}

/** What became of a representative. */
export type Heard =
  | { readonly what: 'created'; readonly said: Said }
  | { readonly what: 'changed'; readonly set: FieldPatch<Said>; readonly archived?: boolean | undefined };

/**
 * Nobody has done anything with the user yet: it says what sales says. From then on what is said here counts, so that nobody who
 * may change representatives has anything to do with who comes in, or under which name.
 */
export const isAsHeard = (state: NonNullable<UserState>): boolean =>
  [state.roleIds, state.teamIds, state.identities].every((each) => (each ?? []).length === 0) &&
  state.email === undefined &&
  state.directory === undefined;

/**
 * A representative is a user of the same id: without roles and an address, so that nobody comes in by it until somebody gives both.
 * @param isLinked another user says to be the representative: the person is that one, and this one is deactivated
 */
export const followRepresentative = (
  state: UserState,
  heard: Heard,
  isLinked: boolean,
  at: Circumstances,
): readonly UserEvent[] => {
  if (heard.what === 'created') return state ? [] : made(heard.said, isLinked, at);
  if (!state || state.erased || !isAsHeard(state)) return [];
  const { archived, set } = heard;
  // What is said of somebody who was deactivated is kept up as well.
  const edited = taken(user.decide.edit({ ...state, archived: false }, { set }, at));
  return [...edited, ...(archived === undefined ? [] : statusOf(state, archived || isLinked, at))];
};

/** Another user says to be the representative. */
export const standAside = (state: UserState, at: Circumstances): readonly UserEvent[] =>
  state && !state.erased && isAsHeard(state) ? statusOf(state, true, at) : [];

const made = ({ name, externalId }: Said, isLinked: boolean, at: Circumstances): readonly UserEvent[] => {
  // Who was erased by now has none that could be read.
  if (name === undefined) return [];
  const fields = { ...(externalId === undefined ? {} : { externalId }), representativeId: at.id };
  const asked = user.decide.create(null, { ...fields, name }, at);
  // An older rule took names that nobody can see.
  const created = isRejection(asked) ? taken(user.decide.create(null, { ...fields, name: at.id }, at)) : asked;
  const state = created.reduce<UserState>(user.evolve, null);
  return [...created, ...(isLinked ? statusOf(state, true, at) : [])];
};

const statusOf = (state: UserState, archived: boolean, at: Circumstances): readonly UserEvent[] =>
  taken(archived ? user.decide.archive(state, {}, at) : user.decide.restore(state, {}, at));

const taken = (decision: ReturnType<typeof user.decide.edit>): readonly UserEvent[] =>
  isRejection(decision) ? [] : decision;
