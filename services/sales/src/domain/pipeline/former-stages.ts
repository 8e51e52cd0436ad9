import type { Stage } from './pipeline.events.js';

/**
 * The stages that a pipeline had and has no more, each as it last was, those that went last first. Opportunities may stand
 * in them still.
 */
export const formerStages = (
  former: readonly Stage[],
  before: readonly Stage[],
  after: readonly Stage[],
): readonly Stage[] => {
  const present = new Set(after.map(({ id }) => id));
  return [...before, ...former].filter(({ id }) => !present.has(id));
};
