import type { Answered } from './kept-data.js';

type Fields = Readonly<Record<string, unknown>>;

/** An answer of then in which opportunities say what a forecast counts them as, and how long they stand where they stand. */
export const withForecast = (answer: unknown, asked: Pick<Answered, 'path'>): unknown => {
  const each = (value: unknown): unknown => withForecast(value, asked);
  if (Array.isArray(answer)) return answer.every(isChange) ? withCategoryChanged(answer) : answer.map(each);
  if (typeof answer !== 'object' || answer === null) return answer;
  const fields: Fields = Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, each(value)]));
  if ('info' in fields && 'stages' in fields) return { ...fields, lostReasons: [] };
  if (!('stageId' in fields && 'probability' in fields) || isMoveBack(fields)) return fields;
  const categorized = { ...fields, forecastCategory: categoryOf(fields['stage']) };
  return 'info' in fields ? { ...categorized, ...furtherOf(fields as unknown as Shown, dayIn(asked)) } : categorized;
};

/** An undone move says nothing of it: the category was the same before. */
const isMoveBack = (fields: Fields): boolean =>
  'stageEnteredAt' in fields && !('openedOn' in fields) && !('status' in fields);

/** Nobody could say otherwise then, and no stage did. */
const categoryOf = (stage: unknown): string | null => {
  if (typeof stage !== 'string') return null;
  return { Won: 'closed', Lost: 'omitted' }[stage] ?? 'pipeline';
};

interface Shown {
  readonly status: string;
  readonly stageEnteredAt: string;
  readonly probability: number;
  readonly amount?: { readonly minor: number; readonly currency: string };
}

const furtherOf = ({ status, stageEnteredAt, amount, probability }: Shown, day: string): object => ({
  ...{ contactRoles: [], competitors: [], stale: false },
  ...(status === 'open' ? { daysInStage: (Date.parse(day) - Date.parse(stageEnteredAt.slice(0, 10))) / DAY } : {}),
  ...(amount ? { expectedRevenue: { ...amount, minor: Math.round((amount.minor * probability) / 100) } } : {}),
});

const DAY = 86_400_000;

/** The day that is asked about, UTC. */
const dayIn = ({ path }: Pick<Answered, 'path'>): string =>
  /asOf=([0-9-]{10})/.exec(path)?.[1] ?? new Date().toISOString().slice(0, 10);

interface Change {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

const isChange = (value: unknown): value is Change =>
  typeof value === 'object' && value !== null && 'field' in value && 'from' in value && 'to' in value;

/** Of an entry of a history: right after the stage. */
const withCategoryChanged = (changes: readonly Change[]): readonly Change[] => {
  const stage = changes.find(({ field }) => field === 'stage');
  const [from, to] = [categoryOf(stage?.from), categoryOf(stage?.to)];
  if (!stage || from === to) return changes;
  const after = changes.findIndex(({ field }) => field === 'stageId') + 1;
  return changes.toSpliced(after, 0, { field: 'forecastCategory', from, to });
};
