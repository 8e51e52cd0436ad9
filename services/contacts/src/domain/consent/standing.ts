/** An entry, as far as it decides what stands. */
export interface StandingEntry {
  readonly id: string;
  readonly contactId?: string | undefined;
  /** The id that it was recorded under, where that is one of several that are one person by now. */
  readonly recordedUnder?: string | undefined;
  readonly addressKey?: string | undefined;
  readonly channel: string;
  readonly topic?: string | undefined;
  readonly purpose?: string | undefined;
  readonly state: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly expired?: boolean | undefined;
}

/** What an entry is about; what it leaves open it is about all of. */
export type Matter = Pick<StandingEntry, 'contactId' | 'addressKey' | 'channel' | 'topic' | 'purpose'>;

export interface Standing extends Matter {
  /** That of the entry above all others; `unproven` where that is a grant whose proof has expired. */
  readonly state: string;
  readonly occurredAt: string;
  readonly consentId: string;
}

/**
 * What stands by what was said: of all entries about a matter the latest, by when it was said, then by when it was recorded. One
 * that names no topic, no purpose or no person is about all of them, so a withdrawal that leaves them open is above every grant before it.
 */
export const standingsOf = (entries: readonly StandingEntry[]): readonly Standing[] => {
  const matters = new Map(entries.map((entry) => [nameOf(entry), entry]));
  return [...matters.values()].flatMap((matter) => standingOf(matter, entries) ?? []);
};

/** What stands in one matter; undefined where nothing was said that covers it. */
export const standingOf = (matter: Matter, entries: readonly StandingEntry[]): Standing | undefined => {
  const above = aboveAll(entries.filter((entry) => covers(entry, matter)));
  if (!above) return undefined;
  const { contactId, addressKey, channel, topic, purpose } = matter;
  const isProven = above.state !== 'granted' || above.expired !== true;
  const state = isProven ? above.state : 'unproven';
  return { contactId, addressKey, channel, topic, purpose, state, occurredAt: above.occurredAt, consentId: above.id };
};

/**
 * What one ledger has said last. Ledgers that became one by a merge know nothing of each other's order: what both say of the same moment is
 * what is stricter.
 */
const aboveAll = (entries: readonly StandingEntry[]): StandingEntry | undefined => {
  if (entries.length === 0) return undefined;
  const ledgers = new Set(entries.flatMap(({ recordedUnder }) => recordedUnder ?? []));
  if (ledgers.size < 2) return entries.reduce(later);
  const isIn = (ledger: string, { recordedUnder = ledger }: StandingEntry): boolean => recordedUnder === ledger;
  return [...ledgers].map((ledger) => entries.filter((entry) => isIn(ledger, entry)).reduce(later)).reduce(stricter);
};

const stricter = (one: StandingEntry, other: StandingEntry): StandingEntry => {
  const isGrant = ({ state }: StandingEntry): boolean => state === 'granted';
  if (one.occurredAt !== other.occurredAt || isGrant(one) === isGrant(other)) return later(one, other);
  return isGrant(one) ? other : one;
};

const nameOf = ({ contactId, addressKey, channel, topic, purpose }: Matter): string =>
  JSON.stringify([contactId, addressKey, channel, topic, purpose]);

const covers = (entry: StandingEntry, matter: Matter): boolean =>
  entry.addressKey === matter.addressKey &&
  entry.channel === matter.channel &&
  OPEN.every((part) => entry[part] === undefined || entry[part] === matter[part]);

const OPEN = ['contactId', 'topic', 'purpose'] as const;

const later = (one: StandingEntry, other: StandingEntry): StandingEntry => (rankOf(one) > rankOf(other) ? one : other);

/** Instants in UTC with milliseconds and ids by time: texts in their order. */
const rankOf = ({ occurredAt, recordedAt, id }: StandingEntry): string => `${occurredAt} ${recordedAt} ${id}`;
