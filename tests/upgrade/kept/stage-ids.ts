import { idFrom } from '@rapport/kernel';

type Fields = Readonly<Record<string, unknown>>;

const idOf = (stage: unknown): string | null => (typeof stage === 'string' ? idFrom('stage', stage) : null);

/** An answer of then with the id beside the name of every stage. */
export const withStageIds = (answer: unknown): unknown => {
  if (Array.isArray(answer)) return answer.every(isChange) ? withIdChanged(answer) : answer.map(withStageIds);
  if (typeof answer !== 'object' || answer === null) return answer;
  const fields = Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, withStageIds(value)]));
  if (isStage(fields)) return { id: idOf(fields['name']), ...fields };
  return 'stage' in fields ? { ...fields, stageId: idOf(fields['stage']) } : fields;
};

/** Of a pipeline. */
const isStage = (fields: Fields): boolean => Object.keys(fields).sort().join() === 'name,probability';

interface Change {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

const isChange = (value: unknown): value is Change =>
  typeof value === 'object' && value !== null && 'field' in value && 'from' in value && 'to' in value;

/** Of an entry of a history: where the name of the stage changed, its id did, right before what follows from both. */
const withIdChanged = (changes: readonly Change[]): readonly Change[] => {
  const all = changes.map(({ field, from, to }) => ({ field, from: withStageIds(from), to: withStageIds(to) }));
  const stage = all.find(({ field }) => field === 'stage');
  if (!stage) return all;
  const changed = { field: 'stageId', from: idOf(stage.from), to: idOf(stage.to) };
  const status = all.findIndex(({ field }) => field === 'status');
  return all.toSpliced(status < 0 ? all.length : status, 0, changed);
};
