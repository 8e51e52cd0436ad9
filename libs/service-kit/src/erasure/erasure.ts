import { type Decider, missing, reject, UNCHANGED } from '@rapport/kernel';
import type { SignedReceipt } from '@rapport/privacy';
import type { ErasureEvent, ErasurePart, ErasurePartDone, ErasureReceipt, PersonForgotten } from './erasure.events.js';

/**
 * What became of an erasure; null until the person's keys are gone everywhere. Its id is the receipt's. Where it began
 * elsewhere, only what was done here is in it.
 */
export type ErasureState = {
  /** Where it began here. */
  readonly forgotten?: PersonForgotten['data'];
  readonly receipt?: ErasureReceipt;
  /** What other contexts did. */
  readonly parts: readonly ErasurePart[];
  readonly signed?: SignedReceipt;
  /** Where it began elsewhere. */
  readonly done?: ErasurePartDone['data'];
} | null;

export interface ErasureCommands {
  forget: PersonForgotten['data'];
  confirm: ErasureReceipt;
  takePart: ErasurePartDone['data'];
  notePart: ErasurePart;
  sign: SignedReceipt;
}

const evolve = (state: ErasureState, event: ErasureEvent): ErasureState => {
  const before = state ?? { parts: [] };
  switch (event.type) {
    case 'PersonForgotten':
      return { ...before, forgotten: event.data };
    case 'ErasureReceiptWritten':
      return { ...before, receipt: event.data };
    case 'ErasurePartDone':
      return { ...before, done: event.data };
    case 'ErasurePartNoted':
      return { ...before, parts: [...before.parts, event.data.part] };
    case 'ErasureReceiptSigned':
      return { ...before, signed: event.data };
  }
};

/** What follows after a person was erased, step by step. Each may be asked for again and is done once. */
export const erasure: Decider<ErasureState, ErasureEvent, ErasureCommands> = {
  aggregate: 'erasure',
  events: {
    PersonForgotten: UNCHANGED,
    ErasureReceiptWritten: UNCHANGED,
    ErasurePartDone: UNCHANGED,
    ErasurePartNoted: UNCHANGED,
    ErasureReceiptSigned: UNCHANGED,
  },
  initialState: null,
  evolve,
  decide: {
    forget: (state, data) => (state ? [] : [{ type: 'PersonForgotten', data }]),
    confirm: (state, data, { id }) => {
      if (!state?.forgotten)
        return reject('not-found', 'erasure-not-found', `There is no erasure ${id}, or it is still under way.`);
      return state.receipt ? [] : [{ type: 'ErasureReceiptWritten', data }];
    },
    takePart: (state, data) => (state ? [] : [{ type: 'ErasurePartDone', data }]),
    notePart: (state, part, at) => {
      if (!state?.forgotten) return missing('erasure', at);
      const isNoted = state.parts.some(({ context }) => context === part.context);
      // What is signed says what was known then.
      return isNoted || state.signed ? [] : [{ type: 'ErasurePartNoted', data: { part } }];
    },
    sign: (state, data, at) => {
      if (!state?.receipt) return missing('erasure', at);
      return state.signed ? [] : [{ type: 'ErasureReceiptSigned', data }];
    },
  },
};
