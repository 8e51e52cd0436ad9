import type { Upcast } from '@rapport/kernel';
import type { Stage } from './pipeline.events.js';
import { stageIdOf } from './stage-id.js';

/** Version 1 knew a stage by its name. */
type Named = Omit<Stage, 'id'>;

const identified = (fields: { readonly stages?: readonly Named[] | null }): object =>
  fields.stages
    ? { ...fields, stages: fields.stages.map((stage) => ({ id: stageIdOf(stage.name), ...stage })) }
    : fields;

const inSet: Upcast = (data) => {
  const { set } = data as { readonly set: object };
  return { ...data, set: identified(set) };
};

/** Version 2: stages have ids. */
export const pipelineUpcasts = {
  PipelineCreated: [identified],
  PipelineEdited: [inSet],
  PipelineChangeUndone: [inSet],
} as const;
