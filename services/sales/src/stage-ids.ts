import { type FieldPatch, isRejection, type Rejection } from '@rapport/kernel';
import type { Beside } from '@rapport/service-kit';
import { formerStages } from './domain/pipeline/former-stages.js';
import { identifiedStages, type KnownStages } from './domain/pipeline/identified-stages.js';
import type { PipelineEvent, PipelineFields, Stage } from './domain/pipeline/pipeline.events.js';
import { pipeline, type PipelineState } from './domain/pipeline/pipeline.js';

/** The stages that are asked for with their ids: those of the pipeline's own stages, new ones for others. */
export const withStageIds = (
  asked: FieldPatch<PipelineFields>,
  { history, newId }: Beside,
): FieldPatch<PipelineFields> | Rejection => {
  if (!asked.stages) return asked;
  const stages = identifiedStages(asked.stages, knownIn(history as unknown as readonly PipelineEvent[]), newId);
  return isRejection(stages) ? stages : { ...asked, stages: stages.map(stated) };
};

/** Without what is not said of it: as it is stored, so that the same again changes nothing. */
const stated = (stage: Stage): Stage =>
  Object.fromEntries(Object.entries(stage).filter(([, value]) => value !== undefined)) as unknown as Stage;

const knownIn = (history: readonly PipelineEvent[]): KnownStages => {
  let state: PipelineState = pipeline.initialState;
  let former: readonly Stage[] = [];
  for (const event of history) {
    const before = state?.stages ?? [];
    state = pipeline.evolve(state, event);
    former = formerStages(former, before, state?.stages ?? []);
  }
  return { present: state?.stages ?? [], former };
};
