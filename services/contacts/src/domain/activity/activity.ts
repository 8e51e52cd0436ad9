import {
  archivedFirst,
  type Circumstances,
  type Decider,
  type Decision,
  isRejection,
  missing,
  recordDecider,
  type RecordCommands,
  type RecordState,
  reject,
} from '@rapport/kernel';
import { type ActivityEvent, activityEvents, type ActivityFields, type ActivityOutcome } from './activity.events.js';
import { SAID_APART, soundActivity, STATUSES } from './activity.rules.js';

type Known = ActivityFields & ActivityOutcome;
type ActivityEdited = Extract<ActivityEvent, { type: 'ActivityEdited' }>;

export type ActivityState = RecordState<Known>;

export interface ActivityCommands extends RecordCommands<ActivityFields> {
  complete: Record<string, never>;
  reopen: Record<string, never>;
  markHeld: Record<string, never>;
  markNotHeld: Record<string, never>;
  remind: { readonly dueAt: string };
}

const record = recordDecider<'Activity', Known>('activity', 'Activity', soundActivity);

const evolve = (state: ActivityState, event: ActivityEvent): ActivityState => {
  switch (event.type) {
    case 'TaskCompleted':
      return state && { ...state, status: 'completed', completedAt: event.data.completedAt };
    case 'TaskReopened': {
      if (!state) return state;
      const { completedAt: _, ...rest } = state;
      return { ...rest, status: STATUSES['task']![0]! };
    }
    case 'MeetingHeld':
      return state && { ...state, status: 'held' };
    case 'MeetingNotHeld':
      return state && { ...state, status: 'not-held' };
    case 'TaskReminded':
      return state;
    default:
      return aboutPeople(record.evolve(state, event));
  }
};

/** Whom it is about follows from what it says, whichever event said it. */
const aboutPeople = (state: ActivityState): ActivityState => {
  if (!state) return state;
  const { contactIds: _, ...rest } = state;
  const related = (state.related ?? []).flatMap(({ kind, id }) => (PEOPLE.has(kind) ? [id] : []));
  const taking = (state.participants ?? []).flatMap(({ contactId }) => contactId ?? []);
  const contactIds = [...new Set([...related, ...taking])];
  return { ...rest, ...(contactIds.length > 0 && { contactIds }) };
};

/** Related records that are people. */
const PEOPLE: ReadonlySet<string> = new Set(['contact', 'lead']);

/** What is so unless something else is said. */
const begun = (fields: ActivityFields, { at }: Circumstances): ActivityFields => ({
  ...fields,
  ...(fields.kind === 'call' && fields.at === undefined && { at }),
  ...(fields.status === undefined && STATUSES[fields.kind] && { status: STATUSES[fields.kind]![0]! }),
});

const ifOf = (
  kind: string,
  state: ActivityState,
  at: Circumstances,
  decide: (activity: NonNullable<ActivityState>) => Decision<ActivityEvent>,
): Decision<ActivityEvent> => {
  if (!state) return missing('activity', at);
  if (state.archived) return archivedFirst('activity');
  if (state.kind === kind) return decide(state);
  return reject('conflict', 'not-of-this-kind', `This is a ${state.kind}, and only a ${kind} can be that.`);
};

const { create, edit, archive, restore } = record.decide;

/** What somebody did with customers, or is to do. */
export const activity: Decider<ActivityState, ActivityEvent, ActivityCommands> = {
  aggregate: record.aggregate,
  events: activityEvents,
  initialState: null,
  evolve,
  sound: soundActivity,
  decide: {
    create: (state, fields, at) => saidApart(fields.status) ?? create(state, begun(fields, at), at),
    edit: (state, { set }, at) => {
      const problem = set.status === state?.status ? undefined : saidApart(set.status);
      const decision = problem ?? edit(state, { set }, at);
      return isRejection(decision) ? decision : decision.map((event) => placed(state, event as ActivityEdited));
    },
    archive,
    restore,
    complete: (state, _, at) =>
      ifOf('task', state, at, ({ status }) =>
        status === 'completed' ? [] : [{ type: 'TaskCompleted', data: { completedAt: at.at } }],
      ),
    reopen: (state, _, at) =>
      ifOf('task', state, at, ({ status }) =>
        status === 'completed'
          ? [{ type: 'TaskReopened', data: {} }]
          : reject('conflict', 'not-completed', 'This task is to be done already.'),
      ),
    markHeld: (state, _, at) =>
      ifOf('meeting', state, at, ({ status }) => (status === 'held' ? [] : [{ type: 'MeetingHeld', data: {} }])),
    markNotHeld: (state, _, at) =>
      ifOf('meeting', state, at, ({ status }) => (status === 'not-held' ? [] : [{ type: 'MeetingNotHeld', data: {} }])),
    remind: (state, { dueAt }, at) =>
      ifOf('task', state, at, ({ status, remindAt }) =>
        remindAt !== dueAt || status === 'completed'
          ? reject('conflict', 'reminded-otherwise', 'Nobody is to be reminded of this task now.', '/remindAt')
          : [{ type: 'TaskReminded', data: { remindAt } }],
      ),
  },
};

/** What it stands in timelines by. */
const PLACE = ['kind', 'at', 'pinned', 'related', 'participants'] as const;

/** What concerns another record from then on says there all that it stands by: that one has heard nothing of it before. */
const placed = (state: ActivityState, event: ActivityEdited): ActivityEdited => {
  const { set } = event.data;
  if (!('related' in set) && !('participants' in set)) return event;
  const again = PLACE.filter((field) => state?.[field] !== undefined).map((field) => [field, state![field]]);
  return { ...event, data: { set: { ...(Object.fromEntries(again) as Partial<Known>), ...set } } };
};

/** Completed, held: others act on it, so it is an event of its own. */
const saidApart = (status: string | null | undefined): Decision<never> | undefined => {
  const verb = SAID_APART[status ?? ''];
  if (verb === undefined) return undefined;
  return reject(
    'invalid',
    'said-apart',
    `To say that it is ${status}, use POST /v1/activities/{id}${verb}.`,
    '/status',
  );
};
