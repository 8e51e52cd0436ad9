import { type Circumstances, type Decision, isRejection, type Money } from '@rapport/kernel';
import { type Day, startOf } from '../domain/opportunity/day.js';
import { bringTo, type OpportunityStep, type OpportunityTarget } from '../domain/opportunity/opportunity.bring-to.js';
import { opportunity } from '../domain/opportunity/opportunity.decide.js';
import type { OpportunityEvent } from '../domain/opportunity/opportunity.events.js';
import type { OpportunityState } from '../domain/opportunity/opportunity.js';
import type { PipelineStages } from '../domain/pipeline/pipeline.js';
import { LOST_STAGE, WON_STAGE } from '../domain/pipeline/stage-id.js';

/** What a row says, by field name; references are ids, empty cells are absent. */
export interface OpportunityRow {
  readonly externalId?: string;
  readonly name?: string;
  readonly stage?: string;
  readonly openedOn?: Day;
  readonly closedOn?: Day;
  readonly expectedCloseOn?: Day;
  readonly amount?: Money;
  readonly probability?: number;
  readonly owner?: string;
  readonly product?: string;
  readonly account?: string;
  readonly lostReason?: string;
  readonly lostNotes?: string;
  readonly nextStep?: string;
  readonly tags?: readonly string[];
  readonly description?: string;
}

/** The pipelines that rows may be about. */
export interface PipelineChoice {
  /** The one that the user chose: everything goes there. */
  readonly chosen?: PipelineStages;
  /** Where new ones go when none was chosen. */
  readonly first: PipelineStages;
  readonly byId: ReadonlyMap<string, PipelineStages>;
}

export interface OpportunityRowStep {
  readonly name: string;
  /** RFC 3339 UTC; now when absent. */
  readonly occurredAt?: string;
  readonly decide: (state: OpportunityState, circumstances: Circumstances) => Decision<OpportunityEvent>;
}

/**
 * A row as steps on the opportunity as it then is: what happened on its day of opening, on its day of closing, and now.
 * Each takes as much of the way to the row as happened on its day.
 */
export const planOpportunity = (row: OpportunityRow, choice: PipelineChoice): readonly OpportunityRowStep[] => {
  const days = new Set<Day | undefined>([row.openedOn, row.closedOn].filter((day) => day !== undefined).sort());
  return [...days.add(undefined)].map((day) => ({
    name: 'ImportOpportunity',
    ...(day === undefined ? {} : { occurredAt: startOf(day) }),
    decide: (state, circumstances) => decideOn(day, row, choice, state, circumstances),
  }));
};

const decideOn = (
  day: Day | undefined,
  row: OpportunityRow,
  { chosen, first, byId }: PipelineChoice,
  state: OpportunityState,
  circumstances: Circumstances,
): Decision<OpportunityEvent> => {
  const pipeline = chosen ?? byId.get(state?.pipelineId ?? '') ?? first;
  const steps = bringTo(state, targetOf(row, pipeline), { at: circumstances.at, pipeline });
  return decideAll(day === undefined ? steps : onDay(steps, day), state, circumstances);
};

const onDay = (steps: readonly OpportunityStep[], day: Day): readonly OpportunityStep[] => {
  const end = steps.findIndex((step) => step.day !== day);
  return end < 0 ? steps : steps.slice(0, end);
};

const decideAll = (
  steps: readonly OpportunityStep[],
  state: OpportunityState,
  circumstances: Circumstances,
): Decision<OpportunityEvent> => {
  const events: OpportunityEvent[] = [];
  for (const { command, input } of steps) {
    const decision = opportunity.decide[command](state, input as never, circumstances);
    if (isRejection(decision)) return decision;
    events.push(...decision);
    state = decision.reduce(opportunity.evolve, state);
  }
  return events;
};

const targetOf = (row: OpportunityRow, pipeline: PipelineStages): OpportunityTarget => {
  const { stage, openedOn, closedOn, probability, lostReason, lostNotes, owner, product, account, ...fields } = row;
  return {
    fields: { ...fields, ownerId: owner, productId: product, accountId: account },
    ...(stage === undefined ? {} : { stage: stageNamed(stage, pipeline) }),
    openedOn,
    closedOn,
    probability,
    lostReason,
    lostNotes,
  };
};

/** The stage as the pipeline writes it today; what it does not know stays as it is and is refused by name. */
export const stageNamed = (written: string, { stages }: PipelineStages): string => {
  const word = wordOf(written);
  const own = stages.find(({ name }) => name === written) ?? stages.find(({ name }) => wordOf(name) === word);
  return own?.name ?? ENDINGS[word] ?? written;
};

const wordOf = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** What other systems call the two ends. */
const ENDINGS: Readonly<Record<string, string>> = {
  won: WON_STAGE,
  closedwon: WON_STAGE,
  lost: LOST_STAGE,
  closedlost: LOST_STAGE,
};
