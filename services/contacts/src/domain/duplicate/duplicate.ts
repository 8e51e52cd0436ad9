import { type Decider, idFrom, UNCHANGED } from '@rapport/kernel';
import type { DuplicateEvent, Likeness, PairOfAccounts, PairOfContacts, PairOfRecords } from './duplicate.events.js';

/** `open` as long as nobody says anything. */
export type DuplicateStatus = 'open' | 'dismissed' | 'merged';

/** With a likeness as long as they are known to look like one. */
export type DuplicateState = (PairOfRecords & Partial<Likeness> & { readonly status: DuplicateStatus }) | null;

export interface DuplicateCommands {
  dismiss: PairOfRecords;
  reopen: Record<string, never>;
  find: PairOfRecords & Likeness;
  lose: Record<string, never>;
  merge: Record<string, never>;
}

/** Two records that look like one, and what was decided about them. */
export const duplicate: Decider<DuplicateState, DuplicateEvent, DuplicateCommands> = {
  aggregate: 'duplicate',
  events: {
    DuplicateDismissed: UNCHANGED,
    DuplicateReopened: UNCHANGED,
    DuplicateFound: UNCHANGED,
    DuplicateLost: UNCHANGED,
    DuplicateMerged: UNCHANGED,
  },
  initialState: null,
  evolve: (state, event) => {
    if (event.type === 'DuplicateDismissed') return { ...state, ...event.data, status: 'dismissed' };
    if (event.type === 'DuplicateFound') return { ...event.data, status: dismissedOr(state, 'open') };
    if (state === null) return null;
    if (event.type === 'DuplicateReopened') return { ...state, status: 'open' };
    if (event.type === 'DuplicateMerged') return { ...state, status: 'merged' };
    const { score: _, verdict: __, ...pair } = state;
    return pair;
  },
  decide: {
    dismiss: (state, pair) => (state?.status === 'dismissed' ? [] : [{ type: 'DuplicateDismissed', data: pair }]),
    reopen: (state) => (state?.status === 'dismissed' ? [{ type: 'DuplicateReopened', data: {} }] : []),
    find: (state, { score, verdict, ...pair }) => {
      const isKnown = state !== null && state.status !== 'merged' && state.score === score && state.verdict === verdict;
      return isKnown ? [] : [{ type: 'DuplicateFound', data: { ...pair, score, verdict } }];
    },
    lose: (state) => (isFound(state) && state?.status !== 'merged' ? [{ type: 'DuplicateLost', data: {} }] : []),
    merge: (state) => (isFound(state) && state?.status !== 'merged' ? [{ type: 'DuplicateMerged', data: {} }] : []),
  },
};

const isFound = (state: DuplicateState): boolean => state?.score !== undefined;

/** Who said that they are two people is not asked again because they look more or less alike than before. */
const dismissedOr = (state: DuplicateState, status: DuplicateStatus): DuplicateStatus =>
  state?.status === 'dismissed' ? 'dismissed' : status;

/** The same pair whichever of the two is named first. */
export const pairOf = (one: string, other: string): PairOfContacts => {
  const [contactId, otherContactId] = one < other ? [one, other] : [other, one];
  return { contactId, otherContactId };
};

/** Likewise. */
export const pairOfAccounts = (one: string, other: string): PairOfAccounts => {
  const [accountId, otherAccountId] = one < other ? [one, other] : [other, one];
  return { accountId, otherAccountId };
};

/** What may be there twice. */
export type PairedKind = 'contact' | 'account';

export const pairOfKind = (kind: PairedKind, one: string, other: string): PairOfRecords =>
  kind === 'account' ? pairOfAccounts(one, other) : pairOf(one, other);

/** The records of a pair, whatever they are; the lesser id first. */
export const recordsOf = (
  pair: PairOfRecords,
): { readonly kind: PairedKind; readonly recordId: string; readonly otherId: string } =>
  'accountId' in pair
    ? { kind: 'account', recordId: pair.accountId, otherId: pair.otherAccountId }
    : { kind: 'contact', recordId: pair.contactId, otherId: pair.otherContactId };

/** Of the stream in which it is kept what is known about a pair. */
export const pairId = (pair: PairOfRecords): string =>
  'accountId' in pair
    ? idFrom('duplicate', 'account', pair.accountId, pair.otherAccountId)
    : idFrom('duplicate', pair.contactId, pair.otherContactId);
