import { type Decider, type DomainEvent, missing, UNCHANGED } from '@rapport/kernel';

/** Somebody leaves, and somebody else goes on with the work. */
export type HandoverAsked = DomainEvent<'HandoverAsked', Handing>;

/** The work goes back, as far as nobody else has got it since. */
export type HandoverUndone = DomainEvent<'HandoverUndone', Record<never, never>>;

export interface Handing {
  readonly userId: string;
  readonly successorId: string;
  /** What each context gives away, by its name. */
  readonly parts: Readonly<Record<string, HandingPart>>;
}

/** Ids under which records belong to somebody, and the one under which they belong to the successor. */
export interface HandingPart {
  readonly from: readonly string[];
  readonly to: string;
}

export type HandoverState = (Handing & { readonly undone: boolean }) | null;

export type HandoverEvent = HandoverAsked | HandoverUndone;

interface HandoverCommands {
  ask: Handing;
  undo: Record<never, never>;
}

/** A leaver's work on its way to another user. */
export const handover: Decider<HandoverState, HandoverEvent, HandoverCommands> = {
  aggregate: 'handover',
  events: { HandoverAsked: UNCHANGED, HandoverUndone: UNCHANGED },
  initialState: null,
  evolve: (state, event) => {
    if (event.type === 'HandoverAsked') return { ...event.data, undone: false };
    return state && { ...state, undone: true };
  },
  decide: {
    ask: (state, data) => (state ? [] : [{ type: 'HandoverAsked', data }]),
    undo: (state, _, at) => {
      if (!state) return missing('handover', at);
      return state.undone ? [] : [{ type: 'HandoverUndone', data: {} }];
    },
  },
};
