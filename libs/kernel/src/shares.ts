import { type Decider, reject, type Rejection } from './decider.js';
import type { DomainEvent } from './event.js';
import { timer, type AnyTimer } from './timer.js';

/** Lets one user, or whoever is in one team, at one record beside those whose it is. The contract's form: `rapport.types.v1.Share`. */
export interface Share {
  readonly userId?: string;
  readonly teamId?: string;
  /** `read`, or `edit`, which is more. */
  readonly access: string;
  /** RFC 3339, when it ends; never when absent. */
  readonly until?: string;
}

/** What can be shared has its shares among its own fields. */
export interface Sharable {
  readonly shares?: readonly Share[];
}

/** A rule of fields: each share is with one user or one team, and each of these has one. */
export const soundShares = ({ shares = [] }: Sharable): Rejection | undefined => {
  const readers = shares.map(readerOf);
  const wrong = shares.findIndex(({ userId, teamId }) => (userId === undefined) === (teamId === undefined));
  if (wrong >= 0) return reject('invalid', 'bad-share', 'A share is with one user or one team.', `/shares/${wrong}`);
  const twice = readers.findIndex((reader, n) => readers.indexOf(reader) !== n);
  if (twice < 0) return undefined;
  return reject('invalid', 'shared-twice', 'Share a record once with each user and team.', `/shares/${twice}`);
};

/** What lists find shared records by; nothing of one that is not shared. */
export interface SharedFields {
  readonly shared?: 'yes' | undefined;
  readonly sharedWith?: readonly string[] | undefined;
  readonly sharedToEdit?: readonly string[] | undefined;
  /** The first end of a share, in UTC: from then on none of them counts until what has ended is taken away. */
  readonly sharesEndAt?: string | undefined;
}

export const SHARED_FIELDS = {
  shared: 'text',
  sharedWith: 'texts',
  sharedToEdit: 'texts',
  sharesEndAt: 'time',
} as const;

export const sharedFields = ({ shares = [] }: Sharable): SharedFields => {
  const isShared = shares.length > 0;
  return {
    shared: isShared ? 'yes' : undefined,
    sharedWith: isShared ? shares.map(readerOf) : undefined,
    sharedToEdit: isShared ? shares.filter(({ access }) => access === 'edit').map(readerOf) : undefined,
    sharesEndAt: firstEnd(shares) ?? undefined,
  };
};

/** Shares among those of a record that were not there before and are over already. */
export const endedShares = (before: Sharable | null, { shares = [] }: Sharable, at: string): readonly Share[] =>
  shares.filter((share) => isOver(share, at) && !(before?.shares ?? []).some((known) => sameShare(known, share)));

/**
 * The end of a share takes it away, by a fact of the record, so that whoever follows it learns that it has gone. Of a record that is
 * archived too: it may be restored.
 */
export const endOfShares = <State extends Sharable | null, E extends DomainEvent>(
  decider: Decider<State, E, never> | Decider<State, E, object>,
): AnyTimer => {
  const edited = Object.keys(decider.events).find((type) => type.endsWith('Edited'))!;
  return timer({
    decider,
    name: 'end-of-shares',
    dueAt: ({ type, data }: DomainEvent) => {
      const said: Sharable | undefined = type.endsWith('Created') ? data : (data as { readonly set?: Sharable }).set;
      const shares = said?.shares;
      return shares === undefined ? undefined : firstEnd(shares ?? []);
    },
    decide: (state: Sharable | null, { dueAt }: { readonly dueAt: string }) => {
      const shares = (state?.shares ?? []).filter((share) => !isOver(share, dueAt));
      if (shares.length === (state?.shares ?? []).length) return [];
      return [{ type: edited, data: { set: { shares: shares.length > 0 ? shares : null } } }];
    },
  } as never);
};

const readerOf = ({ userId, teamId }: Share): string => userId ?? teamId ?? '';

const isOver = ({ until }: Share, at: string): boolean => until !== undefined && inUtc(until) <= at;

const sameShare = (left: Share, right: Share): boolean =>
  readerOf(left) === readerOf(right) && left.until === right.until && left.access === right.access;

const firstEnd = (shares: readonly Share[]): string | null =>
  shares.flatMap(({ until }) => (until === undefined ? [] : [inUtc(until)])).sort()[0] ?? null;

/** Total: a stored fact cannot be refused. */
const inUtc = (instant: string): string => {
  const at = Date.parse(instant);
  return Number.isNaN(at) ? instant : new Date(at).toISOString();
};
