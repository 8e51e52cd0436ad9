import type { RecordEvent } from '@rapport/kernel';

/** A step towards the order. `probability` is the chance in percent, 0 to 100, that a deal in this stage is won. */
export interface Stage {
  readonly name: string;
  readonly probability: number;
}

export interface PipelineFields {
  readonly name: string;
  /** In order. "Won" and "Lost" end every pipeline and are not listed. */
  readonly stages: readonly Stage[];
  /** ISO 4217; of new opportunities that name none. */
  readonly currency?: string;
  readonly externalId?: string;
}

export type PipelineEvent = RecordEvent<'Pipeline', PipelineFields>;
