import { needsName, type RecordState, recordDecider } from '@rapport/kernel';
import type { RepresentativeFields } from './representative.events.js';

export type RepresentativeState = RecordState<RepresentativeFields>;

export const representative = recordDecider<'Representative', RepresentativeFields>(
  'representative',
  'Representative',
  needsName('A representative'),
);
