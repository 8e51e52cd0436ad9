import type { Keep } from '@rapport/imports';
import {
  type Circumstances,
  type Decision,
  isRejection,
  type Money,
  type RecordedEvent,
  type TimeZone,
  UTC,
} from '@rapport/kernel';
import type { Day } from '../domain/opportunity/day.js';
import { bringTo, type OpportunityStep, type OpportunityTarget } from '../domain/opportunity/opportunity.bring-to.js';
import { opportunity } from '../domain/opportunity/opportunity.decide.js';
import type { OpportunityEvent } from '../domain/opportunity/opportunity.events.js';
import type { OpportunityState } from '../domain/opportunity/opportunity.js';
import { type ForecastCategory, openCategories } from '../domain/pipeline/forecast-category.js';
import type { PipelineStages } from '../domain/pipeline/pipeline.js';
import { LOST_STAGE, WON_STAGE } from '../domain/pipeline/stage-id.js';
import { besideOthers } from './work-of-others.js';

/** What a row says, by field name; references are ids, empty cells are absent, or null where they empty a field. */
export type OpportunityRow = Nullable<{
  readonly externalId?: string;
  readonly name?: string;
  readonly stage?: string;
  readonly openedOn?: Day;
  /** Of an open one the day when it is expected to close. */
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
  readonly type?: string;
  readonly forecastCategory?: string;
  readonly competitors?: readonly string[];
  readonly tags?: readonly string[];
  readonly description?: string;
}>;

type Nullable<T> = { readonly [F in keyof T]: T[F] | null };

/** The pipelines that rows may be about. */
export interface PipelineChoice {
  /** The one that the user chose: everything goes there. */
  readonly chosen?: PipelineStages;
  /** Where new ones go when none was chosen. */
  readonly first: PipelineStages;
  readonly byId: ReadonlyMap<string, PipelineStages>;
  /** By whose days; UTC when left out. */
  readonly zone?: TimeZone;
}

export interface OpportunityRowStep {
  readonly name: string;
  /** RFC 3339 UTC; now when absent. */
  readonly occurredAt?: string;
  readonly decide: (
    state: OpportunityState,
    circumstances: Circumstances,
    history: readonly RecordedEvent[],
    keep: Keep,
  ) => Decision<OpportunityEvent>;
}

/**
 * A row as steps on the opportunity as it then is: what happened on its day of opening, on its day of closing, and now.
 * Each takes as much of the way to the row as happened on its day.
 */
export const planOpportunity = (row: OpportunityRow, choice: PipelineChoice): readonly OpportunityRowStep[] => {
  const said = [row.openedOn, isClosing(row, choice) ? row.closedOn : undefined];
  const days = new Set<Day | undefined>(said.filter((day) => typeof day === 'string').sort());
  return [...days.add(undefined)].map((day) => ({
    name: 'ImportOpportunity',
    ...(day === undefined ? {} : { occurredAt: (choice.zone ?? UTC).startOf(day) }),
    decide: (state, circumstances, history, keep) => {
      const pipeline = pipelineOf(state, choice);
      const target = besideOthers(state, targetOf(row, pipeline), history, keep);
      return isRejection(target) ? target : decideOn(day, state, target, { ...circumstances, pipeline });
    },
  }));
};

/** Whether it says that the deal is done: otherwise its day of closing may lie in the future, and nothing happened then. */
const isClosing = ({ stage }: OpportunityRow, { chosen, first, byId }: PipelineChoice): boolean =>
  typeof stage === 'string' &&
  [chosen ?? first, ...(chosen ? [] : byId.values())].some((pipeline) => CLOSED.has(stageNamed(stage, pipeline)));

const CLOSED: ReadonlySet<string> = new Set([WON_STAGE, LOST_STAGE]);

const pipelineOf = (state: OpportunityState, { chosen, first, byId }: PipelineChoice): PipelineStages =>
  chosen ?? byId.get(state?.pipelineId ?? '') ?? first;

const decideOn = (
  day: Day | undefined,
  state: OpportunityState,
  target: OpportunityTarget,
  { pipeline, ...circumstances }: Circumstances & { readonly pipeline: PipelineStages },
): Decision<OpportunityEvent> => {
  const steps = bringTo(state, target, { ...circumstances, pipeline });
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
  const { name, stage, openedOn, closedOn, probability, lostReason, lostNotes, forecastCategory, ...further } = row;
  const { owner: ownerId, product: productId, account: accountId, ...fields } = further;
  return {
    fields: { ...fields, ownerId, productId, accountId, ...given({ name }) },
    ...given({ openedOn, closedOn, probability, lostReason, lostNotes }),
    ...(typeof forecastCategory === 'string' ? { forecastCategory: categoryNamed(forecastCategory) } : {}),
    ...(typeof stage === 'string' ? { stage: stageNamed(stage, pipeline) } : {}),
  };
};

type Given<T> = { [F in keyof T]?: Exclude<T[F], null | undefined> };

/** Without what is not said, and without what a deal cannot be without: that is not emptied. */
const given = <T extends object>(said: T): Given<T> =>
  Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined && value !== null)) as Given<T>;

/** The stage as the pipeline writes it today; what it does not know stays as it is and is refused by name. */
export const stageNamed = (written: string, { stages }: PipelineStages): string => {
  const word = wordOf(written);
  const own = stages.find(({ name }) => name === written) ?? stages.find(({ name }) => wordOf(name) === word);
  return own?.name ?? ENDINGS[word] ?? written;
};

/** What is none stays as it is and is refused by name. */
const categoryNamed = (written: string): ForecastCategory =>
  openCategories.find((category) => wordOf(category) === wordOf(written)) ?? (written as ForecastCategory);

const wordOf = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** What other systems call the two ends. */
const ENDINGS: Readonly<Record<string, string>> = {
  won: WON_STAGE,
  closedwon: WON_STAGE,
  lost: LOST_STAGE,
  closedlost: LOST_STAGE,
};
