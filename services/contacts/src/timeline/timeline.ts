import { partsOf, prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';
import type { ActivityFields } from '../domain/activity/activity.events.js';
import { OPPORTUNITIES } from './heard-opportunities.js';

/** In the place of an activity's kind: something that happened to a record. */
export const EVENT = 'event';

/**
 * An entry of a record's timeline. It tells where to look and repeats nothing of what is there: so nothing in it is about a person,
 * and whatever has changed since, or was erased, is told as it is.
 */
export interface TimelineEntry extends Document {
  /** `contact:<id>`; absent where an activity concerns fewer records than before. */
  readonly record?: string;
  /** An activity's kind, or {@link EVENT}. */
  readonly kind: string;
  /** When it took place. */
  readonly at: string;
  /** Since when it is known. */
  readonly since: string;
  readonly pinned?: boolean;
  readonly actorId: string;
  /** The user behind the actor. */
  readonly behalfId?: string;
  /** The aggregate and the id of what it is told of. */
  readonly object: string;
  readonly objectId: string;
  /** Where the event lies. */
  readonly stream?: string;
  readonly revision?: number;
  /** What an activity concerns, as far as later events take it for known. */
  readonly concerns?: Concerns;
}

type Concerns = Pick<ActivityFields, 'related' | 'participants'>;

/** The most records that one activity stands in the timelines of. */
export const MOST_RECORDS = 64;

const ACTIVITY = prefixOf('activity');
const CONSENT = prefixOf('consent');

/** Entries of timelines, one for each record that something concerns. */
export const timeline: Projection<TimelineEntry> = {
  declaration: {
    name: 'timeline',
    fields: {
      ...{
        record: 'text',
        kind: 'text',
        at: 'time',
        since: 'time',
        pinned: 'boolean',
        actorId: 'text',
        behalfId: 'text',
      },
    },
    indexes: [],
    // One index only: every event writes it, and a record's entries of a kind are found among all of that record's.
    lookups: [['record', 'at']],
  },
  // An entry repeats nothing of what it tells of.
  about: [],
  prefixes: ['contact', 'account', 'lead', OPPORTUNITIES].map(prefixOf).concat(ACTIVITY, CONSENT),
  key: (event) => (event.stream.startsWith(ACTIVITY) ? placesOf(event) : idOfEvent(event)),
  fold: (entry, event, id) => (event.stream.startsWith(ACTIVITY) ? concerning(entry, event, id) : happened(event)),
};

/** Of what is told by itself: not what other contexts keep to themselves. */
const idOfEvent = ({ id, stream, type, data }: RecordedEvent): string | undefined => {
  if (stream.startsWith(CONSENT)) return type === 'ConsentRecorded' && 'contactId' in data ? id : undefined;
  return type.startsWith('Revision') ? undefined : id;
};

const happened = (event: RecordedEvent): TimelineEntry => {
  const { stream, revision, data } = event;
  const { aggregate, id: objectId } = partsOf(stream);
  const object = aggregate.replace(/^.*\.|@.*$/g, '');
  const record =
    object === 'consent' ? `contact:${(data as { contactId: string }).contactId}` : `${object}:${objectId}`;
  return { ...known(event, event.id), record, kind: EVENT, object, objectId, stream, revision };
};

const known = ({ metadata }: RecordedEvent, id: string) => {
  const { tenant, occurredAt, actor } = metadata;
  const behalf = actor.onBehalfOf === undefined ? {} : { behalfId: actor.onBehalfOf };
  return { id, tenant, at: occurredAt, since: occurredAt, actorId: actor.id, ...behalf };
};

/** What an activity stands in timelines by; each edit that changes what it concerns says all of these. */
type Placed = Partial<Pick<ActivityFields, 'kind' | 'at' | 'pinned' | 'related' | 'participants'>>;

const FIELDS = ['at', 'pinned', 'related', 'participants'] as const;

const saidIn = ({ data }: RecordedEvent): { readonly [F in keyof Placed]: Placed[F] | null } =>
  'set' in data ? (data.set as Placed) : data;

const WRITTEN = new Set(['ActivityCreated', 'ActivityEdited', 'ActivityChangeUndone']);

/** The n-th record that an activity concerns has its n-th entry. Whether it is archived is looked up when it is read. */
const placesOf = (event: RecordedEvent): readonly string[] | undefined => {
  const said = saidIn(event);
  if (!WRITTEN.has(event.type) || !FIELDS.some((field) => field in said)) return undefined;
  const { id } = partsOf(event.stream);
  const count = event.type === 'ActivityCreated' ? recordsIn(said as Concerns).length : MOST_RECORDS;
  return Array.from({ length: count }, (_, n) => `${id}:${n}`);
};

const concerning = (entry: TimelineEntry | null, event: RecordedEvent, id: string): TimelineEntry | null => {
  const said = saidIn(event);
  const concerns = concernsOf(entry, said);
  const record = recordsIn(concerns)[Number(id.slice(id.lastIndexOf(':') + 1))];
  if (record === undefined && entry === null) return null;
  const { kind } = said;
  // An entry that begins with a later event: the activity concerns one record more.
  const { record: _, ...begun } = entry ?? { ...known(event, id), kind: kind ?? '', ...activityOf(event) };
  const at = said.at === null ? begun.since : (said.at ?? begun.at);
  const pinned = said.pinned === null ? undefined : (said.pinned ?? begun.pinned);
  const { pinned: __, ...rest } = begun;
  return { ...rest, at, concerns, ...(pinned && { pinned }), ...(record !== undefined && { record }) };
};

const activityOf = ({ stream }: RecordedEvent) => ({ object: 'activity', objectId: partsOf(stream).id });

const concernsOf = (entry: TimelineEntry | null, said: ReturnType<typeof saidIn>): Concerns => {
  const now = <F extends keyof Concerns>(field: F): Concerns =>
    said[field] === undefined ? { [field]: entry?.concerns?.[field] } : { [field]: said[field] ?? undefined };
  const { related } = now('related');
  const { participants } = now('participants');
  return { ...(related && { related }), ...(participants && { participants }) };
};

/** Every record that an entry's activity stands with. */
export const recordsOf = ({ concerns = {} }: TimelineEntry): readonly string[] => recordsIn(concerns);

const recordsIn = ({ related = [], participants = [] }: Concerns): readonly string[] => {
  const records = related.map(({ kind, id }) => `${kind}:${id}`);
  const people = participants.flatMap(({ contactId }) => (contactId === undefined ? [] : [`contact:${contactId}`]));
  return [...new Set([...records, ...people])].slice(0, MOST_RECORDS);
};
