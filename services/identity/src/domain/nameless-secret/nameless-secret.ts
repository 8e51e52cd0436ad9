import { type Decider, type DomainEvent, UNCHANGED } from '@rapport/kernel';

/** A secret that does not say of itself which key it opens is told to open this one. */
export type SecretPlaced = DomainEvent<'SecretPlaced', Place>;

export interface Place {
  readonly tenant: string;
  /** Of the key. */
  readonly keyId: string;
}

type PlaceState = Place | null;

interface Commands {
  place: Place;
}

/**
 * Keys' secrets name their tenant and key, so that nothing has to be searched. Those of an earlier program, and the one of the
 * configuration, do not: the stream that is called by the digest of such a one says where to look.
 */
export const namelessSecret: Decider<PlaceState, SecretPlaced, Commands> = {
  aggregate: 'namelessSecret',
  events: { SecretPlaced: UNCHANGED },
  initialState: null,
  evolve: (state, event) => (event.type === 'SecretPlaced' ? event.data : state),
  decide: { place: (state, place) => (state ? [] : [{ type: 'SecretPlaced', data: place }]) },
};
