import { type Filter, not, predicate } from '@rapport/read-models';
import type { StageNames } from './stage-names.js';

/** The name of an opportunity's stage. Lists are asked by it, though their documents hold the stage's id. */
export const STAGE = 'stage';
const FIELDS = { [STAGE]: 'text' } as const;

export const mentionsStage = (filter: Filter | undefined): boolean => {
  if (filter === undefined) return false;
  if (filter.kind === 'compare') return filter.field === STAGE;
  return filter.kind === 'not' ? mentionsStage(filter.term) : filter.terms.some(mentionsStage);
};

/** A filter whose conditions on the name of the stage have become conditions on stages, as they are called today. */
export const byStageId = (filter: Filter, names: StageNames): Filter => {
  if (filter.kind === 'not') return not(byStageId(filter.term, names));
  if (filter.kind !== 'compare') return { ...filter, terms: filter.terms.map((term) => byStageId(term, names)) };
  if (filter.field !== STAGE) return filter;
  const test = predicate(filter, FIELDS);
  const passes = (name: string): boolean => test({ [STAGE]: name });
  // What is true of a missing name is true of a stage that nobody knows.
  return test({}) ? not(names.called((name) => !passes(name))) : names.called(passes);
};
