import type { RecordedEvent } from '@rapport/kernel';
import type { Conversion, Made } from '../domain/lead/lead.events.js';
import type { LeadState } from '../domain/lead/lead.js';

/** A lead that was converted, as it was before. */
export interface Converted {
  readonly id: string;
  readonly tenant: string;
  readonly event: RecordedEvent;
  readonly lead: NonNullable<LeadState>;
  readonly conversion: Conversion;
}

/** What a conversion had made, and stays although that is taken back. */
export interface Kept {
  readonly kind: Made;
  readonly id: string;
}
