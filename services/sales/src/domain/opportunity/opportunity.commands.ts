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

/** Whoever sends a command looks the pipeline up: the one named, the opportunity's own, or the tenant's first. */
export interface OpportunityCommands {
  /** In the pipeline's first stage when none is chosen. */
  create: OpportunityFields &
    StageChoice & {
      readonly pipeline: PipelineStages;
      /** Percent; the stage's own when absent. */
      readonly probability?: number;
    };
  edit: { readonly set: OpportunityEdit };
  move: StageChoice & { readonly pipeline: PipelineStages; readonly probability?: number };
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
  reopen: StageChoice & { readonly pipeline: PipelineStages };
  /** Its expected day of closing is over. */
  comeDue: ComeDue<OpportunityState>;
  archive: Record<string, never>;
  restore: Record<string, never>;
}
