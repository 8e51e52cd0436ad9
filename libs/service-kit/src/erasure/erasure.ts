import { reject, UNCHANGED, type Decider } from '@rapport/kernel';
import type { ErasureEvent, ErasureReceipt, PersonForgotten } from './erasure.events.js';

/** What became of an erasure; null until the person's keys are gone everywhere. Its id is the receipt's. */
export type ErasureState = (PersonForgotten['data'] & { readonly receipt?: ErasureReceipt }) | null;

export interface ErasureCommands {
  forget: PersonForgotten['data'];
  confirm: ErasureReceipt;
}

const evolve = (state: ErasureState, event: ErasureEvent): ErasureState =>
  event.type === 'PersonForgotten' ? event.data : state && { ...state, receipt: event.data };

/** What follows after a person was erased, step by step. Each may be asked for again and is done once. */
export const erasure: Decider<ErasureState, ErasureEvent, ErasureCommands> = {
  aggregate: 'erasure',
  events: { PersonForgotten: UNCHANGED, ErasureReceiptWritten: UNCHANGED },
  initialState: null,
  evolve,
  decide: {
    forget: (state, data) => (state ? [] : [{ type: 'PersonForgotten', data }]),
    confirm: (state, data, { id }) => {
      if (!state)
        return reject('not-found', 'erasure-not-found', `There is no erasure ${id}, or it is still under way.`);
      return state.receipt ? [] : [{ type: 'ErasureReceiptWritten', data }];
    },
  },
};
