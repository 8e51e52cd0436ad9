import type { Money, Sharable } from '@rapport/kernel';
import type { ForecastCategory } from '../pipeline/forecast-category.js';

/** Days are `2017-03-01`, times RFC 3339 UTC. All but name are absent where nothing is known. */
export interface OpportunityFields extends Sharable {
  readonly name: string;
  readonly accountId?: string;
  readonly contactId?: string;
  readonly ownerId?: string;
  readonly teamId?: string;
  readonly productId?: string;
  readonly amount?: Money;
  readonly expectedCloseOn?: string;
  readonly nextStep?: string;
  readonly tags?: readonly string[];
  readonly description?: string;
  readonly externalId?: string;
  readonly type?: string;
  readonly forecastCategory?: ForecastCategory;
  readonly contactRoles?: readonly ContactRole[];
  readonly competitors?: readonly string[];
}

/** What a contact is to the decision, from the first to the last day. */
export interface ContactRole {
  readonly contactId: string;
  readonly role: string;
  readonly from?: string;
  readonly to?: string;
}

/** A place in a pipeline. `stageEnteredAt` is in the event because a fold sees no metadata. */
export interface StageEntered {
  /** What the stage was called then. */
  readonly stage: string;
  readonly stageId: string;
  /** Percent. */
  readonly probability: number;
  readonly forecastCategory: ForecastCategory;
  readonly stageEnteredAt: string;
}

export type OpportunityStatus = 'open' | 'won' | 'lost';

/** A chance to sell, as its events leave it. Field names are the contract's. */
export interface Opportunity extends OpportunityFields {
  readonly pipelineId: string;
  /** What its stage was called when it came there, "Won" or "Lost" once closed. What it is called today follows from the id. */
  readonly stage: string;
  /** A stage of the pipeline, `WON_STAGE_ID` or `LOST_STAGE_ID`. */
  readonly stageId: string;
  readonly status: OpportunityStatus;
  readonly probability: number;
  readonly forecastCategory: ForecastCategory;
  readonly openedOn: string;
  readonly stageEnteredAt: string;
  /** Present while it is won or lost. */
  readonly closedOn?: string;
  readonly lostReason?: string;
  readonly lostNotes?: string;
  /** Who got the order instead. */
  readonly lostTo?: string;
  /** Where it stood before it was won or lost, and goes on when it is reopened. Not part of the contract. */
  readonly stageIdBeforeClosing?: string;
  readonly archived: boolean;
}
