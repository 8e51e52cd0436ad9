import { type Decider, idFrom, UNCHANGED } from '@rapport/kernel';
import type { DuplicateEvent, PairOfContacts } from './duplicate.events.js';

export type DuplicateState = (PairOfContacts & { readonly status: 'open' | 'dismissed' }) | null;

export interface DuplicateCommands {
  dismiss: PairOfContacts;
  reopen: Record<string, never>;
}

/** What was decided about two contacts that look like one person. The pair is open as long as nobody says anything. */
export const duplicate: Decider<DuplicateState, DuplicateEvent, DuplicateCommands> = {
  aggregate: 'duplicate',
  events: { DuplicateDismissed: UNCHANGED, DuplicateReopened: UNCHANGED },
  initialState: null,
  evolve: (state, event) => {
    if (event.type === 'DuplicateDismissed') return { ...event.data, status: 'dismissed' };
    return state && { ...state, status: 'open' };
  },
  decide: {
    dismiss: (state, pair) => (state?.status === 'dismissed' ? [] : [{ type: 'DuplicateDismissed', data: pair }]),
    reopen: (state) => (state?.status === 'dismissed' ? [{ type: 'DuplicateReopened', data: {} }] : []),
  },
};

/** The same pair whichever of the two is named first. */
export const pairOf = (one: string, other: string): PairOfContacts => {
  const [contactId, otherContactId] = one < other ? [one, other] : [other, one];
  return { contactId, otherContactId };
};

/** Of the stream in which it is kept what was decided about a pair. */
export const pairId = ({ contactId, otherContactId }: PairOfContacts): string =>
  idFrom('duplicate', contactId, otherContactId);
