import { CommandBus } from '@nestjs/cqrs';
import { everythingOf } from '@rapport/access';
import { externalAggregate, partsOf, prefixOf } from '@rapport/event-store';
import { type CallContext, type Circumstances, idFrom, type RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { and, where } from '@rapport/read-models';
import { type Provided, RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { followRepresentative, type Heard, type Said, standAside } from '../domain/user/representative.js';
import type { UserEvent } from '../domain/user/user.events.js';
import { user, type UserState } from '../domain/user/user.js';
import { users } from '../records/users.js';

const NAME = 'make-users-of-representatives';
const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

/**
 * Whoever sells is somebody who works with Rapport: see {@link followRepresentative}. One follower hears of representatives and of
 * the users who say to be one, so that the order in which it does is the same whenever it is gone over.
 */
export const makeUsersOfRepresentatives = (provided: Provided): Reaction => ({
  name: NAME,
  prefixes: [prefixOf(externalAggregate('sales', 'representative')), prefixOf(user.aggregate)],
  types: [
    ...['Created', 'Edited', 'ChangeUndone', 'Archived', 'Restored'].map((what) => `Representative${what}`),
    ...['UserCreated', 'UserEdited', 'UserChangeUndone'],
  ],
  readable: true,
  react: async (event) => {
    if (event.type.startsWith('User')) await makeRoom(event, provided);
    else await follow(event, provided);
    return 'done';
  },
});

const follow = async (event: RecordedEvent, provided: Provided): Promise<void> => {
  const { id } = partsOf(event.stream);
  const isLinked = await isSomebodyElse(event, provided);
  await change(event, id, provided, (state, at) => followRepresentative(state, heardIn(event), isLinked, at));
};

const makeRoom = async (event: RecordedEvent, provided: Provided): Promise<void> => {
  const { representativeId } = saidIn(event.data);
  if (!representativeId || representativeId === partsOf(event.stream).id) return;
  await change(event, representativeId, provided, standAside);
};

/** The list knows whatever was stored before the event. */
const isSomebodyElse = async ({ stream, position }: RecordedEvent, provided: Provided): Promise<boolean> => {
  const { tenant, id } = partsOf(stream);
  const list = provided<ServiceRuntime>(RUNTIME).projection(users.projection);
  await list.reach(position, CAUGHT_UP_WITHIN_MILLISECONDS);
  const filter = and(where('representativeId', '=', id), where('id', '!=', id));
  return (await list.documents.count(everythingOf(tenant), filter)) > 0;
};

/** Once for each event: what is seen again has been done. */
const change = async (
  event: RecordedEvent,
  id: string,
  provided: Provided,
  decide: (state: UserState, at: Circumstances) => readonly UserEvent[],
): Promise<void> => {
  const steps = [{ name: 'FollowRepresentative', input: event.id, decide }];
  const order = { decider: user, id, steps, call: callAfter(event), commandId: idFrom(event.id, NAME) };
  await provided(CommandBus).execute(new RunCommand(order));
};

/** As published: what is empty may be missing. What is personal of a new one is beside it, where it was sealed. */
interface Data extends Said {
  readonly representative?: Said;
  readonly set?: Said;
  readonly cleared?: readonly string[];
  readonly archived?: boolean;
}

const FOLLOWED = ['name', 'externalId'] as const;

const heardIn = ({ type, data }: RecordedEvent): Heard => {
  const { representative, set = {}, cleared = [], archived, ...beside } = data as Data;
  if (type === 'RepresentativeCreated') return { what: 'created', said: named({ ...representative, ...beside }) };
  const emptied = FOLLOWED.filter((field) => cleared.includes(field)).map((field) => [field, null] as const);
  const status = STATUSES.get(type) ?? archived;
  return { what: 'changed', set: { ...named(set), ...Object.fromEntries(emptied) }, archived: status };
};

const STATUSES: ReadonlyMap<string, boolean> = new Map([
  ['RepresentativeArchived', true],
  ['RepresentativeRestored', false],
]);

const named = ({ name, externalId }: Said): Said => ({ ...(name && { name }), ...(externalId && { externalId }) });

interface UserData {
  readonly representativeId?: string | null;
  readonly set?: { readonly representativeId?: string | null };
}

const saidIn = ({ set, representativeId }: UserData): { readonly representativeId?: string | null } =>
  set ?? { ...(representativeId !== undefined && { representativeId }) };

const callAfter = ({ id: causationId, metadata: { tenant, correlationId } }: RecordedEvent): CallContext => ({
  principal: { tenant, actor: { kind: 'system', id: NAME }, roles: [] },
  ...{ correlationId, causationId, answer: {} },
});
