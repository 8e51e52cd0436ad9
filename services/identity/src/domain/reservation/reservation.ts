import { type Decider, type DomainEvent, reject, UNCHANGED } from '@rapport/kernel';

/**
 * `…Reserved`: a user of the tenant has the key; `…Released`: nobody has it any more. The key itself is nowhere: the stream is
 * called by a keyed digest of it.
 */
export type ReservationEvent = DomainEvent<string, { readonly userId?: string }>;

/** Who has it; null where nobody does. */
export type ReservationState = { readonly userId: string } | null;

interface ReservationCommands {
  /** `instead` names a user who had it, and has it no more. */
  reserve: { readonly userId: string; readonly instead?: string | undefined };
  release: { readonly userId: string };
}

/** What is said where somebody else has it. */
interface Taken {
  readonly code: string;
  readonly message: string;
  readonly pointer: string;
}

export type Reservation = Decider<ReservationState, ReservationEvent, ReservationCommands>;

/** Something that at most one user of a tenant has. @param name what its events begin with */
export const reservation = (aggregate: string, name: string, taken: Taken): Reservation => {
  const [reserved, released] = [`${name}Reserved`, `${name}Released`];
  return {
    aggregate,
    events: { [reserved]: UNCHANGED, [released]: UNCHANGED },
    initialState: null,
    evolve: (_, { type, data: { userId } }) => (type === reserved && userId !== undefined ? { userId } : null),
    decide: {
      reserve: (state, { userId, instead }) => {
        if (state?.userId === userId) return [];
        if (state && state.userId !== instead)
          return reject('already-exists', taken.code, taken.message, taken.pointer);
        return [{ type: reserved, data: { userId } }];
      },
      release: (state, { userId }) => (state?.userId === userId ? [{ type: released, data: {} }] : []),
    },
  };
};
