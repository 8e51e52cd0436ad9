import type { RecordEvent } from '@rapport/kernel';
import type { OpenCategory } from './forecast-category.js';

/** A step towards the order. */
export interface Stage {
  /** What it is known by within its pipeline, whatever it is called. */
  readonly id: string;
  /** What it is called at present. */
  readonly name: string;
  /** The chance in percent, 0 to 100, that a deal in this stage is won. */
  readonly probability: number;
  /** What deals that enter it are counted as. */
  readonly forecastCategory?: OpenCategory;
  /** After so many days in it a deal is stale. */
  readonly staleAfterDays?: number;
  /** What a deal has to say before it comes here. */
  readonly requires?: { readonly fields: readonly string[] };
}

export interface PipelineFields {
  readonly name: string;
  /** In order. "Won" and "Lost" end every pipeline and are not listed. */
  readonly stages: readonly Stage[];
  /** ISO 4217; of new opportunities that name none. */
  readonly currency?: string;
  readonly externalId?: string;
  /** What its deals can be lost for; anything where there are none. */
  readonly lostReasons?: readonly string[];
}

export type PipelineEvent = RecordEvent<'Pipeline', PipelineFields>;
