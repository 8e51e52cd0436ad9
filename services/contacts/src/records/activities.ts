import { contactsV1 } from '@rapport/contracts';
import { instantOf, reject, SHARED_FIELDS, sharedFields } from '@rapport/kernel';
import { defineRecord, type DocumentOf, type RecordsOf } from '@rapport/service-kit';
import { recurrenceProblem } from '../activities/recurrence.js';
import type { ActivityFields } from '../domain/activity/activity.events.js';
import { activity } from '../domain/activity/activity.js';

/** Notes, calls, meetings and tasks. */
export const activities = defineRecord({
  decider: activity,
  contract: contactsV1,
  plural: 'activities',
  publishes: {
    TaskCompleted: ({ data: { completedAt } }) => ({ type: 'TaskCompleted', data: { completedAt } }),
    TaskReopened: () => ({ type: 'TaskReopened', data: {} }),
    TaskReminded: ({ data: { remindAt } }) => ({ type: 'TaskReminded', data: { remindAt } }),
    MeetingHeld: () => ({ type: 'MeetingHeld', data: {} }),
    MeetingNotHeld: () => ({ type: 'MeetingNotHeld', data: {} }),
  },
  completed: (asked) => {
    const problem = asked.recurrence ? recurrenceProblem(asked.recurrence) : undefined;
    if (problem) return reject('invalid', 'bad-recurrence', problem, '/recurrence');
    return { ...asked, ...exact(asked), ...bare(asked) };
  },
  indexes: [['kind', 'at'], ['dueOn']],
  lookups: [['ownerId', 'dueOn'], ['teamId'], ['shared'], ['followsId']],
  leadsTo: { contactIds: 'contact', accountIds: 'account' },
  unlisted: ['text', 'place'],
  filledIn: ['overdue'],
  search: { title: ['subject'], subtitle: ['kind', 'dueOn'], by: { subject: 'words' } },
  derived: {
    fields: { accountIds: 'texts', opportunityIds: 'texts', leadIds: 'texts', ...SHARED_FIELDS },
    of: (state) => ({
      accountIds: idsOf(state, 'account'),
      opportunityIds: idsOf(state, 'opportunity'),
      leadIds: idsOf(state, 'lead'),
      ...sharedFields(state),
    }),
  },
});

const INSTANTS = ['at', 'endsAt', 'remindAt'] as const;

type Asked = { readonly [F in keyof ActivityFields]?: ActivityFields[F] | null };

/** Instants as they are kept: in UTC, to the millisecond, so that they compare as texts. */
const exact = (asked: Asked): Asked =>
  Object.fromEntries(
    INSTANTS.flatMap((field) => {
      const instant = asked[field];
      return instant ? [[field, instantOf(instant).toISOString()]] : [];
    }),
  );

/** Without what a participant leaves open. */
const bare = ({ participants }: Asked): Asked =>
  participants ? { participants: participants.map((each) => JSON.parse(JSON.stringify(each)) as typeof each) } : {};

const idsOf = ({ related = [] }: Pick<ActivityFields, 'related'>, wanted: string): readonly string[] | undefined => {
  const ids = related.flatMap(({ kind, id }) => (kind === wanted ? [id] : []));
  return ids.length > 0 ? ids : undefined;
};

export type ActivityRecords = RecordsOf<typeof activities>;
export type ActivityDocument = DocumentOf<typeof activities>;
