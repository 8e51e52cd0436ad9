import { isVisible, reject, type Rejection, soundShares } from '@rapport/kernel';
import type { ActivityFields } from './activity.events.js';

/** How far a task or a meeting can be; others are just there. The first is where it begins. */
export const STATUSES: Readonly<Record<string, readonly string[]>> = {
  task: ['not-started', 'in-progress', 'waiting', 'deferred', 'completed'],
  meeting: ['planned', 'held', 'not-held'],
};

/** What is said by commands of their own, and so by no edit. */
export const SAID_APART: Readonly<Record<string, string>> = {
  completed: ':complete',
  held: ':markHeld',
  'not-held': ':markNotHeld',
};

/** Which kinds have a field; one that is not here is every kind's. */
const OF_SOME: Partial<Record<keyof ActivityFields, readonly string[]>> = {
  at: ['call', 'meeting'],
  endsAt: ['meeting'],
  direction: ['call'],
  outcome: ['call'],
  durationSeconds: ['call'],
  place: ['meeting'],
  participants: ['meeting'],
  status: ['task', 'meeting'],
  dueOn: ['task'],
  remindAt: ['task'],
  priority: ['task'],
  recurrence: ['task'],
};

/** What holds of every activity. What an erasure has taken away needs not be there again. */
export const soundActivity = (fields: ActivityFields, before: ActivityFields | null): Rejection | undefined =>
  sameKind(fields, before) ?? ofItsKind(fields) ?? said(fields, before) ?? timely(fields) ?? soundShares(fields);

const sameKind = ({ kind }: ActivityFields, before: ActivityFields | null): Rejection | undefined =>
  before === null || before.kind === kind
    ? undefined
    : reject('invalid', 'kind-fixed', `A ${before.kind} stays a ${before.kind}. Create a ${kind} instead.`, '/kind');

const ofItsKind = (fields: ActivityFields): Rejection | undefined => {
  const { kind, status, participants = [] } = fields;
  const strange = Object.entries(OF_SOME).find(
    ([field, kinds]) => fields[field as keyof ActivityFields] !== undefined && !kinds.includes(kind),
  );
  if (strange) {
    const [field, kinds] = strange;
    const message = `A ${kind} has no ${field}: only a ${kinds.join(' or a ')} has. Leave it out.`;
    return reject('invalid', 'not-of-this-kind', message, `/${field}`);
  }
  const known = STATUSES[kind] ?? [];
  if (status !== undefined && !known.includes(status))
    return reject('invalid', 'wrong-status', `A ${kind} is one of: ${known.join(', ')}.`, '/status');
  const nobody = participants.findIndex(
    ({ contactId, userId }) => (contactId === undefined) === (userId === undefined),
  );
  if (nobody < 0) return undefined;
  return reject('invalid', 'bad-participant', 'A participant is a contact or a user.', `/participants/${nobody}`);
};

const said = (fields: ActivityFields, before: ActivityFields | null): Rejection | undefined => {
  const field = fields.kind === 'note' ? 'text' : fields.kind === 'call' ? undefined : 'subject';
  if (field === undefined || isVisible(fields[field])) return undefined;
  if (before !== null && !isVisible(before[field])) return undefined;
  return reject('invalid', `${field}-missing`, `A ${fields.kind} needs a ${field} that can be seen.`, `/${field}`);
};

const timely = ({ kind, at, endsAt, recurrence, dueOn }: ActivityFields): Rejection | undefined => {
  if (kind === 'meeting' && at === undefined)
    return reject('invalid', 'at-missing', 'A meeting needs the time at which it begins.', '/at');
  if (at !== undefined && endsAt !== undefined && endsAt <= at)
    return reject('invalid', 'ends-before', 'A meeting ends after it has begun.', '/endsAt');
  if (recurrence === undefined || dueOn !== undefined) return undefined;
  const message = 'What comes again is reckoned from the day that it is due. Give dueOn as well.';
  return reject('invalid', 'due-day-missing', message, '/dueOn');
};
