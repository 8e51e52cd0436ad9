import type { Circumstances, Decide, Decider, Decision } from '@rapport/kernel';
import { archivedFirst, effective, isVisible, missing, patched, reject, sameValue, UTC } from '@rapport/kernel';
import { DEFAULT_CATEGORY } from '../pipeline/forecast-category.js';
import type { Stage } from '../pipeline/pipeline.events.js';
import type { OpportunityCommands, StageChoice } from './opportunity.commands.js';
import { type OpportunityEdit, type OpportunityEvent, opportunityEvents } from './opportunity.events.js';
import type { Opportunity, StageEntered } from './opportunity.fields.js';
import { evolve, initialState, type OpportunityState } from './opportunity.js';
import {
  closingDaySound,
  editable,
  fieldsSound,
  openThen,
  passes,
  probabilitySound,
  reasonIn,
  stageOf,
  stillOpen,
} from './opportunity.rules.js';

type Command<C extends keyof OpportunityCommands> = Decide<OpportunityState, OpportunityCommands[C], OpportunityEvent>;

const create: Command<'create'> = (
  state,
  { pipeline, stage: label, stageId, probability, forecastCategory, gate, ...fields },
  { at, zone = UTC },
) => {
  if (state) return reject('already-exists', 'opportunity-exists', 'There is already an opportunity with this id.');
  const stage = stageOf(pipeline, chosen({ stageId, stage: label }) ?? { stageId: pipeline.stages[0]?.id });
  if ('rejected' in stage) return stage;
  const place = {
    ...placeIn(stage, probability ?? stage.probability, at),
    ...(forecastCategory && { forecastCategory }),
  };
  const data = { ...fields, pipelineId: pipeline.id, ...place, openedOn: zone.dayOf(at) };
  return (
    fieldsSound({ ...data, status: 'open' }, null) ??
    passes(stage, data, gate) ?? [{ type: 'OpportunityCreated', data }]
  );
};

/** A closed one may be corrected too, its amount included: reports as of earlier days keep what they showed. */
const edit: Command<'edit'> = (state, { set }, circumstances) =>
  ifActive(state, circumstances, (opportunity) => {
    const change: OpportunityEdit = effective<Opportunity>(opportunity, set);
    if (Object.keys(change).length === 0) return [];
    const problem =
      editable(opportunity, change) ?? fieldsSound(patched<Opportunity>(opportunity, change), opportunity);
    return problem ?? [{ type: 'OpportunityEdited', data: { set: change } }];
  });

/** A move into the stage where it stands gives it the stage's own probability and category again. */
const move: Command<'move'> = (state, { pipeline, probability, gate, ...choice }, circumstances) =>
  ifActive(state, circumstances, (opportunity) => {
    const stage = stageOf(pipeline, choice);
    const problem = stillOpen(opportunity) ?? ('rejected' in stage ? stage : undefined);
    if (problem || 'rejected' in stage) return problem!;
    const chance = probability ?? stage.probability;
    const stays = opportunity.stageId === stage.id && opportunity.pipelineId === pipeline.id;
    const place = placeIn(stage, chance, stays ? opportunity.stageEnteredAt : circumstances.at);
    const { forecastCategory: category } = opportunity;
    if (stays && opportunity.probability === chance && category === place.forecastCategory) return [];
    const refused = probabilitySound(chance) ?? (stays ? undefined : passes(stage, opportunity, gate));
    return refused ?? [{ type: 'OpportunityMoved', data: { pipelineId: pipeline.id, ...place } }];
  });

const win: Command<'win'> = (state, { closedOn: day, amount }, circumstances) =>
  ifActive(state, circumstances, (opportunity) => {
    const { at, zone = UTC } = circumstances;
    const closedOn = day ?? zone.dayOf(at);
    const change = amount === undefined || sameValue(opportunity.amount, amount) ? {} : { amount };
    const problem =
      stillOpen(opportunity) ??
      closingDaySound(opportunity, closedOn, zone.dayOf(at)) ??
      fieldsSound({ ...opportunity, ...change }, opportunity);
    return problem ?? [{ type: 'OpportunityWon', data: { closedOn, stageEnteredAt: at, ...change } }];
  });

const lose: Command<'lose'> = (state, { closedOn: day, reason: said, notes, lostTo, pipeline }, circumstances) =>
  ifActive(state, circumstances, (opportunity) => {
    const { at, zone = UTC } = circumstances;
    const closedOn = day ?? zone.dayOf(at);
    const problem = stillOpen(opportunity) ?? closingDaySound(opportunity, closedOn, zone.dayOf(at));
    if (problem) return problem;
    if (!isVisible(said)) return NO_REASON;
    const reason = reasonIn(pipeline, said);
    if (typeof reason !== 'string') return reason;
    const why = { reason, ...(notes && { notes }), ...(lostTo && { lostTo }) };
    return [{ type: 'OpportunityLost', data: { closedOn, stageEnteredAt: at, ...why } }];
  });

const reopen: Command<'reopen'> = (state, { pipeline, gate, ...choice }, circumstances) =>
  ifActive(state, circumstances, (opportunity) => {
    if (opportunity.status === 'open') return reject('conflict', 'not-closed', 'This opportunity is open already.');
    if (pipeline.id !== opportunity.pipelineId) return OTHER_PIPELINE;
    const stage = stageOf(pipeline, chosen(choice) ?? { stageId: opportunity.stageIdBeforeClosing });
    if ('rejected' in stage) return stage;
    const refused = stage.id === opportunity.stageIdBeforeClosing ? undefined : passes(stage, opportunity, gate);
    return refused ?? [{ type: 'OpportunityReopened', data: placeIn(stage, stage.probability, circumstances.at) }];
  });

const placeIn = (stage: Stage, probability: number, at: string): StageEntered => ({
  stage: stage.name,
  stageId: stage.id,
  probability,
  forecastCategory: stage.forecastCategory ?? DEFAULT_CATEGORY,
  stageEnteredAt: at,
});

const chosen = (choice: StageChoice): StageChoice | undefined =>
  choice.stageId === undefined && choice.stage === undefined ? undefined : choice;

/** A day on which it was put away, or closed, has passed it by, even if it is open again by now. */
const comeDue: Command<'comeDue'> = (state, { dueAt, then }, circumstances) =>
  ifActive(state, circumstances, (opportunity) => {
    const { expectedCloseOn } = opportunity;
    const { zone = UTC } = circumstances;
    if (expectedCloseOn === undefined || zone.endOf(expectedCloseOn) !== dueAt) return EXPECTED_OTHERWISE;
    const problem = stillOpen(opportunity) ?? openThen(then);
    return problem ?? [{ type: 'OpportunityCameDue', data: { expectedCloseOn } }];
  });

const archive: Command<'archive'> = (state, _, circumstances) => {
  if (!state) return missing('opportunity', circumstances);
  return state.archived ? [] : [{ type: 'OpportunityArchived', data: {} }];
};

const restore: Command<'restore'> = (state, _, circumstances) => {
  if (!state) return missing('opportunity', circumstances);
  return state.archived ? [{ type: 'OpportunityRestored', data: {} }] : [];
};

const ifActive = (
  state: OpportunityState,
  circumstances: Circumstances,
  decide: (opportunity: Opportunity) => Decision<OpportunityEvent>,
): Decision<OpportunityEvent> => {
  if (!state) return missing('opportunity', circumstances);
  return state.archived ? archivedFirst('opportunity') : decide(state);
};

const EXPECTED_OTHERWISE = reject(
  'conflict',
  'expected-otherwise',
  'The order of this opportunity is expected on another day, or on none.',
  '/expectedCloseOn',
);

const OTHER_PIPELINE = reject(
  'invalid',
  'other-pipeline',
  'An opportunity is reopened in its own pipeline. Reopen it there, then move it.',
  '/pipelineId',
);

const NO_REASON = reject('invalid', 'reason-missing', 'Say why it was lost, for example "Price".', '/reason');

/** Where an opportunity stands, and how it ended. */
const PLACE: readonly (keyof Opportunity)[] = [
  ...(['pipelineId', 'stage', 'stageId', 'stageIdBeforeClosing', 'stageEnteredAt'] as const),
  ...(['status', 'closedOn', 'lostReason', 'lostNotes', 'lostTo', 'forecastCategory'] as const),
];

export const opportunity: Decider<OpportunityState, OpportunityEvent, OpportunityCommands> = {
  aggregate: 'opportunity',
  events: opportunityEvents,
  initialState,
  evolve,
  sound: fieldsSound,
  together: PLACE,
  decide: { create, edit, move, win, lose, reopen, comeDue, archive, restore },
};
