import { type Circumstances, type Decision, isRejection, type RecordedEvent, reject } from '@rapport/kernel';
import { PROVISIONING } from './directory.js';
import { type UserChange, user, type UserState } from './user.js';
import type { UserEvent } from './user.events.js';

/** What a directory wants of a user. */
export interface Wanted {
  readonly set: UserChange;
  /** Whether the person may come in; as it is where it is not said. */
  readonly active?: boolean;
}

/**
 * Has a user be what the directory says, a deactivated one too: their account goes on to be kept. Whom somebody else deactivated
 * stays so.
 */
export const provision = (
  state: UserState,
  { set, active }: Wanted,
  at: Circumstances,
  history: readonly RecordedEvent[],
): Decision<UserEvent> => {
  if (!state) return user.decide.edit(state, { set }, at);
  const edited = user.decide.edit({ ...state, archived: false }, { set }, at);
  if (isRejection(edited) || active === undefined || active === !state.archived) return edited;
  if (active && !isDirectorys(history)) return deactivatedHere;
  const status = active ? user.decide.restore(state, {}, at) : user.decide.archive(state, {}, at);
  return isRejection(status) ? status : [...edited, ...status];
};

/** Whether it was the directory that has deactivated the user. */
const isDirectorys = (history: readonly RecordedEvent[]): boolean => {
  let [state, by]: [UserState, string] = [null, ''];
  for (const event of history) {
    const next = user.evolve(state, event as never);
    if (next?.archived && !state?.archived) by = event.metadata.actor.id;
    state = next;
  }
  return by === PROVISIONING;
};

const deactivatedHere = reject(
  'conflict',
  'deactivated-here',
  'An administrator of Rapport has deactivated this user. Only an administrator can activate the user again.',
  '/active',
);
