import { erasable, type ErasableState, needsName, recordDecider } from '@rapport/kernel';
import type { RepresentativeFields } from './representative.events.js';

export type RepresentativeState = ErasableState<RepresentativeFields>;

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

/** Somebody who sells: a plain record with a name, that can be forgotten. */
export const representative = erasable('Representative', record, KEPT_ON_ERASURE);
