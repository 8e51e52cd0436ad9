import type { Upcast } from '@rapport/kernel';
import { stageIdOf } from '../pipeline/stage-id.js';

/** Version 1 knew a stage by its name. */
const placed: Upcast = (data) => {
  const { stage } = data as { readonly stage: string };
  return { ...data, stageId: stageIdOf(stage) };
};

const undone: Upcast = (data) => {
  const { set } = data as { readonly set: { readonly stage?: string; readonly stageBeforeClosing?: string | null } };
  const { stageBeforeClosing: before, ...rest } = set;
  const stageIdBeforeClosing = before && stageIdOf(before);
  return {
    ...data,
    set: {
      ...rest,
      ...(rest.stage === undefined ? {} : { stageId: stageIdOf(rest.stage) }),
      ...(before === undefined ? {} : { stageIdBeforeClosing }),
    },
  };
};

/** Version 2: stages have ids. */
export const opportunityUpcasts = {
  OpportunityCreated: [placed],
  OpportunityMoved: [placed],
  OpportunityReopened: [placed],
  OpportunityChangeUndone: [undone],
} as const;
