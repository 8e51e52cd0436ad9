import type { Projection } from '@rapport/processing';
import { type RecordDocument, recordProjection } from '@rapport/service-kit';
import { formerStages } from '../../domain/pipeline/former-stages.js';
import type { Stage } from '../../domain/pipeline/pipeline.events.js';
import { pipeline, type PipelineState } from '../../domain/pipeline/pipeline.js';

/** A pipeline as lists show it, and what they do not show: the stages that it has no more. */
export type PipelineDocument = RecordDocument<PipelineState> & {
  /** As they last were; opportunities may stand in them still. */
  readonly formerStages?: readonly Stage[];
};

const listed = recordProjection(pipeline, {
  name: 'pipelines',
  fields: { name: 'text', currency: 'text', externalId: 'text' },
  indexes: [['name'], ['externalId']],
});

export const pipelines: Projection<PipelineDocument> = {
  ...listed,
  version: 2,
  fold: (before, event) => {
    const after = listed.fold(before, event);
    if (!before || !after || after.stages === before.stages) return after;
    return { ...after, formerStages: formerStages(before.formerStages ?? [], before.stages, after.stages) };
  },
};
