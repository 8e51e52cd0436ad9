import { effective, type FieldPatch, isRejection, type TimeZone, UTC } from '@rapport/kernel';
import type { ForecastCategory } from '../pipeline/forecast-category.js';
import type { PipelineStages } from '../pipeline/pipeline.js';
import { LOST_STAGE, WON_STAGE } from '../pipeline/stage-id.js';
import type { Day } from './day.js';
import type { OpportunityCommands } from './opportunity.commands.js';
import { opportunity } from './opportunity.decide.js';
import type { OpportunityEdit } from './opportunity.events.js';
import type { Opportunity, OpportunityFields } from './opportunity.fields.js';
import type { OpportunityState } from './opportunity.js';

/** What another system says of an opportunity: left out where it says nothing, null where it says "empty". */
export interface OpportunityTarget {
  readonly fields: FieldPatch<OpportunityFields>;
  /** A stage of the pipeline as it is called today, "Won" or "Lost". */
  readonly stage?: string;
  readonly probability?: number;
  readonly forecastCategory?: ForecastCategory;
  readonly openedOn?: Day;
  /** The day of closing; of an open one the day when it is expected to close. */
  readonly closedOn?: Day;
  readonly lostReason?: string;
  readonly lostNotes?: string;
}

export interface BringingCircumstances {
  /** Now: when things happened that have no day of their own. */
  readonly at: string;
  /** The pipeline that it shall be in; of a closed one its own. */
  readonly pipeline: PipelineStages;
  /** By whose days; UTC when left out. */
  readonly zone?: TimeZone;
}

/**
 * One command of a sequence. It happened at the beginning of its day, or now when it has none; with the step before
 * it where that came later, for time does not run backwards.
 */
export type OpportunityStep = {
  readonly [C in keyof OpportunityCommands]: {
    readonly command: C;
    readonly input: OpportunityCommands[C];
    readonly day?: Day;
  };
}[keyof OpportunityCommands];

/** The reason of a loss for which nobody gave one. */
export const REASON_NOT_STATED = 'Not stated';

/**
 * The commands, in order, after which an opportunity is what the target says; none when it is already. A new one opens on
 * its day of opening and is closed on its day of closing. Until then a closed one stood in the pipeline's last stage, and
 * its amount, which is that of the closing, is not known earlier: a look back must not know the end. A new one without a
 * name is called by its key in the other system. An archived one is restored.
 */
export const bringTo = (
  state: OpportunityState,
  target: OpportunityTarget,
  circumstances: BringingCircumstances,
): readonly OpportunityStep[] => {
  const steps = new Steps(state, circumstances);
  if (!state) create(target, steps);
  if (steps.state) change(steps.state, target, steps);
  return steps.taken;
};

const create = (target: OpportunityTarget, steps: Steps): void => {
  const { pipeline } = steps.circumstances;
  const { stage, probability, forecastCategory } = target;
  const closed = isClosed(stage);
  const { amount, name, ...rest } = present(fieldsOf(target));
  const known = { name: name ?? rest.externalId ?? '', ...rest, ...present({ amount: closed ? undefined : amount }) };
  const place = closed ? { stageId: pipeline.stages.at(-1)?.id } : { stage, probability, forecastCategory };
  steps.take('create', { ...known, ...present(place), pipeline }, openingDay(target));
};

const change = (state: Opportunity, given: OpportunityTarget, steps: Steps): void => {
  const { pipeline } = steps.circumstances;
  const target = { ...given, stage: given.stage ?? labelIn(state, pipeline) };
  const { stage, openedOn, probability, forecastCategory } = target;
  const closed = isClosed(stage);
  const closing = closed && closesOtherwise(state, target);
  if (state.archived) steps.take('restore', {});
  if (state.status !== 'open' && (closing || !closed)) steps.take('reopen', { pipeline, ...(closed ? {} : { stage }) });
  if (openedOn !== undefined) steps.edit({ openedOn });
  if (closing) close(target, steps);
  if (!closed && standsElsewhere(steps.state!, given.stage, pipeline)) steps.take('move', { stage, pipeline });
  steps.edit({ ...fieldsOf(target), ...(closed ? {} : present({ probability, forecastCategory })) });
};

/** What the stage where it stands is called in a pipeline: there, or where it was when it came. */
const labelIn = ({ stageId, stage }: Opportunity, { stages }: PipelineStages): string =>
  stages.find(({ id }) => id === stageId)?.name ?? stage;

const standsElsewhere = (state: Opportunity, stage: string | undefined, { id, stages }: PipelineStages): boolean =>
  state.pipelineId !== id || (stage !== undefined && stages.find(({ name }) => name === stage)?.id !== state.stageId);

const close = (target: OpportunityTarget, steps: Steps): void => {
  const { stage, closedOn, lostReason: reason = REASON_NOT_STATED, lostNotes: notes, fields } = target;
  const day = present({ closedOn });
  const amount = present({ amount: fields.amount });
  if (stage === WON_STAGE) return steps.take('win', { ...day, ...amount }, closedOn);
  steps.edit(amount, closedOn);
  steps.take('lose', { reason, ...present({ notes }), ...day }, closedOn);
};

const closesOtherwise = (
  state: Opportunity,
  { stage, closedOn, lostReason, lostNotes }: OpportunityTarget,
): boolean => {
  const said = stage === LOST_STAGE ? { stage, closedOn, lostReason, lostNotes } : { stage, closedOn };
  return Object.keys(effective<Opportunity>(state, present(said))).length > 0;
};

const fieldsOf = ({ fields, stage, closedOn }: OpportunityTarget): FieldPatch<OpportunityFields> =>
  closedOn === undefined || isClosed(stage) ? fields : { expectedCloseOn: closedOn, ...fields };

const openingDay = ({ openedOn, closedOn, stage }: OpportunityTarget): Day | undefined =>
  openedOn ?? (isClosed(stage) ? closedOn : undefined);

const isClosed = (stage: string | undefined): boolean => stage === WON_STAGE || stage === LOST_STAGE;

type Present<T> = { [F in keyof T]?: Exclude<T[F], null | undefined> };

/** Without the fields that hold nothing. */
const present = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)) as Present<T>;

/** The steps taken so far and the state that they lead to. */
class Steps {
  readonly taken: OpportunityStep[] = [];

  constructor(
    public state: OpportunityState,
    readonly circumstances: BringingCircumstances,
  ) {}

  /** A step that is refused stays in: whoever takes the steps meets the same refusal and can tell what it says. */
  take<C extends keyof OpportunityCommands>(command: C, input: OpportunityCommands[C], day?: Day): void {
    this.taken.push({ command, input, ...present({ day }) } as OpportunityStep);
    const { zone = UTC } = this.circumstances;
    const at = day === undefined ? this.circumstances.at : zone.startOf(day);
    const decision = opportunity.decide[command](this.state, input, { at, id: '', zone });
    if (!isRejection(decision)) this.state = decision.reduce(opportunity.evolve, this.state);
  }

  /** Nothing when nothing would change. */
  edit(set: OpportunityEdit, day?: Day): void {
    const said = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
    const change: OpportunityEdit = effective<Opportunity>(this.state!, said);
    if (Object.keys(change).length > 0) this.take('edit', { set: change }, day);
  }
}
