import { and, type Comparison, type Filter, not, or, predicate } from '@rapport/read-models';
import type { StageNames } from './stage-names.js';

/** The name of an opportunity's stage. Lists are asked by it, though their documents hold the stage's id. */
export const STAGE = 'stage';
/** Whether it has been there for too long, which is so from a day on without anything being written. */
export const STALE = 'stale';
/** What lists can be asked by that their documents do not hold. */
export const STAGE_FIELDS = { [STAGE]: 'text', [STALE]: 'boolean' } as const;

/** What the filter asks of a stage becomes conditions on what documents hold. */
export interface StagesToday {
  readonly names: StageNames;
  /** Before that instant entered what is stale after so many days. */
  readonly since: (staleAfterDays: number) => string;
}

export const mentionsStage = (filter: Filter | undefined): boolean => {
  if (filter === undefined) return false;
  if (filter.kind === 'compare') return filter.field in STAGE_FIELDS;
  return filter.kind === 'not' ? mentionsStage(filter.term) : filter.terms.some(mentionsStage);
};

/** A filter whose conditions on the stage have become conditions on stages, as they are called and allow today. */
export const byStageId = (filter: Filter, today: StagesToday): Filter => {
  if (filter.kind === 'not') return not(byStageId(filter.term, today));
  if (filter.kind !== 'compare') return { ...filter, terms: filter.terms.map((term) => byStageId(term, today)) };
  if (filter.field === STALE) return byStaleness(filter, today);
  if (filter.field !== STAGE) return filter;
  const { names } = today;
  const test = predicate(filter, STAGE_FIELDS);
  const passes = (name: string): boolean => test({ [STAGE]: name });
  // What is true of a missing name is true of a stage that nobody knows.
  return test({}) ? not(names.called((name) => !passes(name))) : names.called(passes);
};

const byStaleness = (filter: Comparison, { names, since }: StagesToday): Filter => {
  const test = predicate(filter, STAGE_FIELDS);
  const [stale, fresh] = [test({ [STALE]: true }), test({ [STALE]: false })];
  const late = names.stale(since);
  if (stale === fresh) return stale ? or(late, not(late)) : and(late, not(late));
  return stale ? late : not(late);
};
