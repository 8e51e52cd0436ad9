import type { ComeDue, Money } from '@rapport/kernel';
import type { PipelineStages } from '../pipeline/pipeline.js';
import type { Day } from './day.js';
import type { OpportunityEdit } from './opportunity.events.js';
import type { OpportunityFields } from './opportunity.fields.js';
import type { OpportunityState } from './opportunity.js';

/** Whoever sends a command looks the pipeline up: the one named, the opportunity's own, or the tenant's first. */
export interface OpportunityCommands {
  create: OpportunityFields & {
    readonly pipeline: PipelineStages;
    /** The pipeline's first when absent. */
    readonly stage?: string;
    /** Percent; the stage's own when absent. */
    readonly probability?: number;
  };
  edit: { readonly set: OpportunityEdit };
  move: { readonly stage: string; readonly pipeline: PipelineStages; readonly probability?: number };
  /** `closedOn` is the day of the command when absent, `amount` stays as it is when absent. */
  win: { readonly closedOn?: Day; readonly amount?: Money };
  lose: { readonly reason: string; readonly notes?: string; readonly closedOn?: Day };
  /** `stage` is the one it had before it was closed when absent. */
  reopen: { readonly pipeline: PipelineStages; readonly stage?: string };
  /** Its expected day of closing is over. */
  comeDue: ComeDue<OpportunityState>;
  archive: Record<string, never>;
  restore: Record<string, never>;
}
