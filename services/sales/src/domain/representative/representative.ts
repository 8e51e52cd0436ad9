import { type RecordState, recordDecider, reject } from '@rapport/kernel';
import type { RepresentativeFields } from './representative.events.js';

export type RepresentativeState = RecordState<RepresentativeFields>;

export const representative = recordDecider<'Representative', RepresentativeFields>(
  'representative',
  'Representative',
  ({ name }) =>
    name?.trim() ? undefined : reject('invalid', 'name-missing', 'A representative needs a name.', '/name'),
);
