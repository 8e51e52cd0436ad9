import { salesV1 } from '@rapport/contracts';
import type { Projection } from '@rapport/processing';
import { defineRecord, type DocumentOf, type RecordsOf } from '@rapport/service-kit';
import { formerStages } from '../domain/pipeline/former-stages.js';
import type { Stage } from '../domain/pipeline/pipeline.events.js';
import { pipeline } from '../domain/pipeline/pipeline.js';
import { withStageIds } from '../stage-ids.js';

const defined = defineRecord({
  decider: pipeline,
  contract: salesV1,
  plural: 'pipelines',
  sort: [{ field: 'createdAt' }],
  indexes: [['name']],
  lookups: [['externalId']],
  completed: withStageIds,
});

/** A pipeline as lists show it, and what they do not show: the stages that it has no more. */
export type PipelineDocument = DocumentOf<typeof defined> & {
  /** As they last were; opportunities may stand in them still. */
  readonly formerStages?: readonly Stage[];
};

const projection: Projection<PipelineDocument> = {
  ...defined.projection,
  version: 2,
  fold: (before, event, id) => {
    const after: PipelineDocument | null = defined.projection.fold(before, event, id);
    if (!before || !after || after.stages === before.stages) return after;
    return { ...after, formerStages: formerStages(before.formerStages ?? [], before.stages, after.stages) };
  },
};

/** The stages that opportunities go through; the oldest pipeline first. */
export const pipelines = { ...defined, projection };

export type PipelineRecords = RecordsOf<typeof defined>;
