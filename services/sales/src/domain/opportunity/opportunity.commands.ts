import type { ComeDue, Money } from '@rapport/kernel';
import type { PipelineStages } from '../pipeline/pipeline.js';
import type { Day } from './day.js';
import type { OpportunityEdit } from './opportunity.events.js';
import type { OpportunityFields } from './opportunity.fields.js';
import type { OpportunityState } from './opportunity.js';

/** A stage by its id or by what it is called today; the id decides where both are given. */
export interface StageChoice {
  readonly stageId?: string;
  readonly stage?: string;
}

/** Asks of an opportunity what the stage requires that it comes to. What another system brings is not asked for it. */
export interface Gated {
  readonly gate?: {
    /** What whoever moves it does not see, and is not asked for. */
    readonly unseen: readonly string[];
  };
}

/** Whoever sends a command looks the pipeline up: the one named, the opportunity's own, or the tenant's first. */
export interface OpportunityCommands {
  /** In the pipeline's first stage when none is chosen. */
  create: OpportunityFields &
    StageChoice &
    Gated & {
      readonly pipeline: PipelineStages;
      /** Percent; the stage's own when absent. */
      readonly probability?: number;
    };
  edit: { readonly set: OpportunityEdit };
  move: StageChoice & Gated & { readonly pipeline: PipelineStages; readonly probability?: number };
  /** `closedOn` is the day of the command when absent, `amount` stays as it is when absent. */
  win: { readonly closedOn?: Day; readonly amount?: Money };
  /** For one of the pipeline's reasons where it is given; what another system says of a loss is taken as it is. */
  lose: {
    readonly reason: string;
    readonly notes?: string;
    readonly closedOn?: Day;
    readonly lostTo?: string;
    readonly pipeline?: PipelineStages;
  };
  /** In the stage that it had before it was closed when none is chosen. */
  reopen: StageChoice & Gated & { readonly pipeline: PipelineStages };
  /** Its expected day of closing is over. */
  comeDue: ComeDue<OpportunityState>;
  archive: Record<string, never>;
  restore: Record<string, never>;
}
