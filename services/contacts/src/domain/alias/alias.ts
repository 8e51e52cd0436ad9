import { type Decider, UNCHANGED } from '@rapport/kernel';
import type { AliasEvent } from './alias.events.js';

export type AliasState = { readonly object: string; readonly survivorId?: string } | null;

export interface AliasCommands {
  make: { readonly object: string; readonly survivorId: string };
  end: Record<string, never>;
}

/**
 * Where the id of a record leads that was merged. It says no more than that, so contexts that keep ids of people hear of merges
 * without hearing of people.
 */
export const alias: Decider<AliasState, AliasEvent, AliasCommands> = {
  aggregate: 'alias',
  events: { AliasMade: UNCHANGED, AliasEnded: UNCHANGED },
  initialState: null,
  evolve: (state, event) => {
    if (event.type === 'AliasMade') return event.data;
    return state && { object: state.object };
  },
  decide: {
    make: (state, data) => (state?.survivorId === data.survivorId ? [] : [{ type: 'AliasMade', data }]),
    end: (state) => (state?.survivorId === undefined ? [] : [{ type: 'AliasEnded', data: {} }]),
  },
};
