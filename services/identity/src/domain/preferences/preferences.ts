import {
  type Decider,
  type Decision,
  type DomainEvent,
  effective,
  type FieldPatch,
  patched,
  UNCHANGED,
} from '@rapport/kernel';
import { knownTimeZone } from '../time-zone.js';

/** How somebody likes to work; the names are the contract's. */
export interface PreferenceFields {
  readonly locale?: string;
  readonly timeZone?: string;
  readonly theme?: string;
  readonly density?: string;
  /** Kinds of notifications that are not wanted. */
  readonly muted?: readonly string[];
  /** Kinds that are to go by mail as well. */
  readonly mailed?: readonly string[];
}

/** Null where one was emptied. */
export type PreferencesChanged = DomainEvent<'PreferencesChanged', { readonly set: FieldPatch<PreferenceFields> }>;

interface PreferenceCommands {
  change: { readonly set: FieldPatch<PreferenceFields> };
}

/** One's own, called by the user's id. Whoever has said nothing likes everything as it is. */
export const preferences: Decider<PreferenceFields, PreferencesChanged, PreferenceCommands> = {
  aggregate: 'preferences',
  events: { PreferencesChanged: UNCHANGED },
  initialState: {},
  evolve: (state, event) =>
    event.type === 'PreferencesChanged' ? patched<PreferenceFields>(state, event.data.set) : state,
  decide: {
    change: (state, { set }): Decision<PreferencesChanged> => {
      const change = effective<PreferenceFields>(state, set);
      if (Object.keys(change).length === 0) return [];
      const next = patched<PreferenceFields>(state, change);
      return knownTimeZone(next.timeZone, state.timeZone) ?? [{ type: 'PreferencesChanged', data: { set: change } }];
    },
  },
};
