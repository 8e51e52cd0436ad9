import type { salesV1 } from '@rapport/contracts';
import { DomainError } from '@rapport/kernel';
import { measured, measureSums } from '@rapport/processing';
import { and, type Filter, type Group, type Scope, where } from '@rapport/read-models';
import type { Day } from '../../domain/opportunity/day.js';
import type { Figures } from '../figures-in-sight.js';
import { moneySum } from '../money-sum.js';
import { DIMENSIONS, dimensionNames, type Names } from '../won-value/won-dimensions.js';
import { fieldsBehind } from '../won-value/won-report.js';

/** Days of closing, inclusive, and the day at whose end everything must have been known. */
export interface ForecastPeriod {
  readonly from: Day;
  readonly to: Day;
  readonly asOf: Day;
  readonly pipelineId?: string | undefined;
}

/** What a forecast says something about, whatever it is grouped by. */
export const IN_FORECAST = [
  ...['status', 'closedOn', 'expectedCloseOn', 'forecastCategory'],
  ...['amount', 'probability', 'archived'],
] as const;

const NOT_IN_CELLS = ['product', 'account'];

/** What to group by, in order; nothing where nothing is said. @throws DomainError invalid `bad-group-by` */
export const forecastDimensions = (groupBy: string | undefined): readonly string[] => {
  if (groupBy === undefined || groupBy === '') return [];
  const names = dimensionNames(groupBy);
  const wrong = names.find((name) => NOT_IN_CELLS.includes(name));
  if (wrong === undefined) return names;
  const message = `A forecast cannot be grouped by "${wrong}". Use year, quarter, month, owner, manager, region or pipeline.`;
  throw new DomainError('invalid', 'bad-group-by', message, {
    fields: [{ pointer: '/groupBy', code: 'bad-group-by', message }],
  });
};

/** @throws DomainError invalid `ends-before-it-begins` */
export const checkPeriod = ({ from, to }: Pick<ForecastPeriod, 'from' | 'to'>): void => {
  if (from <= to) return;
  const message = `A period from ${from} cannot end on ${to}. Give a later day, or the same.`;
  throw new DomainError('invalid', 'ends-before-it-begins', message, {
    fields: [{ pointer: '/to', code: 'ends-before-it-begins', message }],
  });
};

/** The fields of opportunities that the dimensions are made of. */
export const forecastFields = (dimensions: readonly string[]): readonly string[] =>
  fieldsBehind(dimensions).map((field) => (field === 'closedOn' ? 'closesOn' : field));

/** Sums of the cells, keyed by the fields behind the dimensions (in order, each once), the category and, last, the currency. */
export const forecastSums = (
  figures: Figures,
  scope: Scope,
  dimensions: readonly string[],
  { from, to, asOf, pipelineId }: ForecastPeriod,
): Promise<readonly Group[]> => {
  const terms: Filter[] = [where('day', '<=', asOf), where('closesOn', '>=', from), where('closesOn', '<=', to)];
  if (pipelineId !== undefined) terms.push(where('pipelineId', '=', pipelineId));
  return figures.aggregate(scope, {
    filter: and(...terms),
    groupBy: [...forecastFields(dimensions), 'category', 'currency'],
    sums: ['count', ...measureSums(['amountMinor', 'weightedMinor'])],
  });
};

interface Part {
  count: bigint;
  minor: bigint;
  weighted: bigint;
}

interface AddedUp {
  readonly key: string[];
  readonly ids: string[];
  readonly currency: string;
  readonly parts: Map<string, Part>;
}

/** One group per combination of labels and currency, in the order of the labels; one of opportunities without an amount has no sums. */
export const forecastGroups = (
  dimensions: readonly string[],
  sums: readonly Group[],
  names: Names,
): salesV1.ForecastGroup[] => {
  const fields = forecastFields(dimensions);
  const groups = new Map<string, AddedUp>();
  for (const group of sums) {
    const [category, currency] = group.key.slice(-2) as [string, string];
    const labels = dimensions.map((name) => labelOf(name, group.key[placeOf(name, fields)] as string, names));
    const [key, ids] = [labels.map(({ label }) => label), labels.map(({ id }) => id)];
    const place = JSON.stringify([key, ids, currency]);
    const known = groups.get(place) ?? { key, ids, currency, parts: new Map<string, Part>() };
    groups.set(place, known);
    const part = known.parts.get(category) ?? { count: 0n, minor: 0n, weighted: 0n };
    part.count += measured(group, 'count');
    part.minor += measured(group, 'amountMinor');
    part.weighted += measured(group, 'weightedMinor');
    known.parts.set(category, part);
  }
  return [...groups.values()]
    .filter(({ parts }) => [...parts.values()].some(({ count }) => count !== 0n))
    .sort(byKey)
    .map(toMessage);
};

const placeOf = (name: string, fields: readonly string[]): number => fields.indexOf(forecastFields([name])[0]!);

const labelOf = (name: string, value: string, names: Names) => {
  const { label, identified } = DIMENSIONS[name]!;
  return { label: label(value, names), id: identified ? value : '' };
};

const toMessage = ({ key, ids, currency, parts }: AddedUp): salesV1.ForecastGroup => {
  const part = (category: string): salesV1.ForecastPart => {
    const { count, minor } = parts.get(category) ?? { count: 0n, minor: 0n };
    return { count: Number(count), amount: currency === '' ? undefined : moneySum(minor, currency) };
  };
  const expected = [...parts.values()].reduce((sum, { weighted }) => sum + weighted, 0n);
  return {
    ...{ key, ids, pipeline: part('pipeline'), bestCase: part('bestCase'), commit: part('commit') },
    closed: part('closed'),
    expected: currency === '' ? undefined : moneySum(expected, currency),
  };
};

/** Those without a label come last. */
const byKey = (left: AddedUp, right: AddedUp): number => {
  const [ofLeft, ofRight] = [left, right].map(({ key, ids, currency }) => [...key, ...ids, currency]) as [
    string[],
    string[],
  ];
  for (const [n, text] of ofLeft.entries()) {
    const other = ofRight[n]!;
    if (text !== other) return text === '' ? 1 : other === '' ? -1 : text < other ? -1 : 1;
  }
  return 0;
};
