import { type Decider, type DomainEvent, UNCHANGED } from '@rapport/kernel';

/** Somebody has filled in a form, and the address is asked whether it was its owner. */
export type ConsentLetterAsked = DomainEvent<
  'ConsentLetterAsked',
  {
    /** The link that goes into the letter, which holds the address; sealed with a key that lives until the letter is out. */
    readonly token?: string;
  }
>;

/** Somebody has taken it over. */
export type ConsentLetterSent = DomainEvent<'ConsentLetterSent', Record<never, never>>;

export type ConsentLetterEvent = ConsentLetterAsked | ConsentLetterSent;

export type ConsentLetterState = { readonly isSent: boolean } | null;

interface ConsentLetterCommands {
  ask: ConsentLetterAsked['data'];
  sent: Record<never, never>;
}

/** A letter that asks for a confirmation, until it is out. */
export const consentLetter: Decider<ConsentLetterState, ConsentLetterEvent, ConsentLetterCommands> = {
  aggregate: 'consentLetter',
  events: { ConsentLetterAsked: UNCHANGED, ConsentLetterSent: UNCHANGED },
  initialState: null,
  evolve: (_, { type }) => ({ isSent: type === 'ConsentLetterSent' }),
  decide: {
    ask: (state, data) => (state ? [] : [{ type: 'ConsentLetterAsked', data }]),
    sent: (state) => (state && !state.isSent ? [{ type: 'ConsentLetterSent', data: {} }] : []),
  },
};
