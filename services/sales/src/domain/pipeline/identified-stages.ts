import { reject, type Rejection } from '@rapport/kernel';
import type { Stage } from './pipeline.events.js';
import { labelKey } from './stage-label.js';

/** A stage as somebody asks for it. */
export type StageAsked = Omit<Stage, 'id'> & { readonly id?: string | undefined };

/** Which stages a pipeline has, and had. */
export interface KnownStages {
  readonly present: readonly Stage[];
  /** Those that went last first. */
  readonly former: readonly Stage[];
}

/**
 * Gives every stage its id. One that is named keeps its stage, whatever it is called from now on. Without one, a name that
 * the pipeline has, or had, means that stage; any other name is a new stage.
 * @param newId of the n-th stage that is asked for
 */
export const identifiedStages = (
  asked: readonly StageAsked[],
  { present, former }: KnownStages,
  newId: (n: number) => string,
): readonly Stage[] | Rejection => {
  const known = [...present, ...former];
  const ids = asked.map(({ id }) => id || undefined);
  for (const [n, id] of ids.entries()) {
    if (id === undefined) continue;
    if (!known.some((stage) => stage.id === id)) return refused('unknown-stage', n, asked[n]!, UNKNOWN);
    if (ids.indexOf(id) < n) return refused('stage-repeated', n, asked[n]!, REPEATED);
  }
  // By its very name first, then by one that looks the same.
  for (const key of [(label: string) => label, labelKey]) {
    for (const [n, { name }] of asked.entries())
      ids[n] ??= known.find((stage) => key(stage.name) === key(name) && !ids.includes(stage.id))?.id;
  }
  return asked.map((stage, n) => ({ ...stage, id: ids[n] ?? newId(n) }));
};

const UNKNOWN = 'has an id that this pipeline does not know. A new stage gets its id from Rapport: leave it out.';
const REPEATED = 'has the id of a stage before it. Leave it out for a new stage.';

const refused = (code: string, n: number, { name }: StageAsked, why: string): Rejection =>
  reject('invalid', code, `Stage "${name}" ${why}`, `/stages/${n}/id`);
