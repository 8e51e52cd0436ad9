import {
  type Decider,
  erasable,
  needsName,
  type ProtectedCommands,
  protectedRecord,
  type ProtectedState,
  recordDecider,
} from '@rapport/kernel';
import type { RepresentativeEvent, RepresentativeFields } from './representative.events.js';

export type RepresentativeState = ProtectedState<RepresentativeFields>;

/** What says nothing about a person, and so is left when the person is erased. */
export const KEPT_ON_ERASURE = [
  'managerId',
  'region',
  'externalId',
] as const satisfies readonly (keyof RepresentativeFields)[];

const record = recordDecider<'Representative', RepresentativeFields>(
  'representative',
  'Representative',
  needsName('A representative'),
);

const { events, decide, ...rest } = protectedRecord(
  'Representative',
  erasable('Representative', record, KEPT_ON_ERASURE),
  KEPT_ON_ERASURE,
);
const { RepresentativeRectified: _, ...known } = events;
const { rectify: __, ...commands } = decide;

type Commands = Omit<ProtectedCommands<RepresentativeFields>, 'rectify'>;
/** Nobody rectifies a representative: the user says who that is. */
type Decided = Decider<RepresentativeState, RepresentativeEvent, Commands>['decide'];

/** Somebody who sells: a plain record with a name, that can be forgotten, and is held and restricted with the user who it is. */
export const representative: Decider<RepresentativeState, RepresentativeEvent, Commands> = {
  ...rest,
  events: known,
  decide: commands as Decided,
};
