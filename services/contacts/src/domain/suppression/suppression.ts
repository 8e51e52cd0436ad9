import { type Decider, type DomainEvent, UNCHANGED } from '@rapport/kernel';

/**
 * An address was of somebody who is to be erased. It counts once the person's key is destroyed, so that an erasure that does not come about
 * suppresses nothing.
 */
export type AddressSuppressed = DomainEvent<
  'AddressSuppressed',
  {
    readonly contactId: string;
    /** `email`, `phone`: sealed with the secret of the hash, so that nobody starts without that. */
    readonly kind?: string;
    /** Whose key that is. */
    readonly secret: string;
  }
>;

/** The person has come back, by an act of their own. */
export type AddressReleased = DomainEvent<'AddressReleased', { readonly consentId: string }>;

export type SuppressionEvent = AddressSuppressed | AddressReleased;

/** Whose the address was. */
export interface SuppressionState {
  readonly people: readonly string[];
}

interface SuppressionCommands {
  suppress: AddressSuppressed['data'];
  release: AddressReleased['data'];
}

const NOBODY: SuppressionState = { people: [] };

/** An address that is not to be brought in again. The address itself is nowhere: the stream is called by a keyed hash of it. */
export const suppression: Decider<SuppressionState, SuppressionEvent, SuppressionCommands> = {
  aggregate: 'suppression',
  events: { AddressSuppressed: UNCHANGED, AddressReleased: UNCHANGED },
  initialState: NOBODY,
  evolve: ({ people }, event) =>
    event.type === 'AddressReleased' ? NOBODY : { people: [...people, event.data.contactId] },
  decide: {
    suppress: ({ people }, data) => (people.includes(data.contactId) ? [] : [{ type: 'AddressSuppressed', data }]),
    release: ({ people }, data) => (people.length === 0 ? [] : [{ type: 'AddressReleased', data }]),
  },
};
