import type { RecordDocument } from '@rapport/service-kit';
import type { OpportunityState } from '../../domain/opportunity/opportunity.js';

/** An opportunity as lists show it. */
export type OpportunityDocument = RecordDocument<OpportunityState> & {
  /** Days from opening to winning; of won ones only. */
  readonly cycleDays?: number;
};
