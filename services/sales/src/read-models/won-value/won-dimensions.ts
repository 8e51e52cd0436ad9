import { DomainError } from '@rapport/kernel';
import type { Day } from '../../domain/opportunity/day.js';

/** Names behind the ids, as they are today, and what the tenant calls its years. */
export interface Names {
  /** The month that a fiscal year begins with, 1 to 12. */
  readonly fiscalYearStartsIn: number;
  readonly owners: ReadonlyMap<string, { readonly name: string; readonly manager?: string; readonly region?: string }>;
  readonly products: ReadonlyMap<string, { readonly name: string }>;
  readonly accounts: ReadonlyMap<string, { readonly name: string }>;
  /** Where ids of accounts lead that are a part of another by now. */
  readonly survivors: ReadonlyMap<string, string>;
  readonly pipelines: ReadonlyMap<string, { readonly name: string }>;
}

/** Something to group won value by: the field of the cells it comes from, what a value of it is called, and whether that is an id. */
export interface Dimension {
  readonly field: 'closedOn' | 'ownerId' | 'productId' | 'accountId' | 'pipelineId';
  readonly label: (value: string, names: Names) => string;
  readonly identified: boolean;
  /** Which record an id stands for today; itself when left out. */
  readonly leadsTo?: (id: string, names: Names) => string;
}

const period = (label: (day: Day, yearStartsIn: number) => string): Dimension => ({
  field: 'closedOn',
  label: (day, { fiscalYearStartsIn }) => label(day, fiscalYearStartsIn),
  identified: false,
});

/** A fiscal year is called by the calendar year that it ends in. */
const yearOf = (day: Day, startsIn: number): string => {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  return startsIn === 1 ? day.slice(0, 4) : `FY${year + (month >= startsIn ? 1 : 0)}`;
};

const quarterOf = (day: Day, startsIn: number): string => {
  const monthsIn = (Number(day.slice(5, 7)) - startsIn + 12) % 12;
  return `${yearOf(day, startsIn)}-Q${Math.floor(monthsIn / 3) + 1}`;
};

const called = (field: Dimension['field'], label: Dimension['label']): Dimension => ({
  field,
  label,
  identified: true,
});

export const DIMENSIONS: Readonly<Record<string, Dimension>> = {
  year: period(yearOf),
  quarter: period(quarterOf),
  month: period((day) => day.slice(0, 7)),
  owner: called('ownerId', (id, { owners }) => owners.get(id)?.name ?? ''),
  manager: { field: 'ownerId', label: (id, { owners }) => owners.get(id)?.manager ?? '', identified: false },
  region: { field: 'ownerId', label: (id, { owners }) => owners.get(id)?.region ?? '', identified: false },
  product: called('productId', (id, { products }) => products.get(id)?.name ?? ''),
  account: {
    ...called('accountId', (id, { accounts }) => accounts.get(id)?.name ?? ''),
    leadsTo: (id, { survivors }) => survivors.get(id) ?? id,
  },
  pipeline: called('pipelineId', (id, { pipelines }) => pipelines.get(id)?.name ?? ''),
};

/** The dimensions that `quarter,region` names. @throws DomainError invalid */
export const dimensionNames = (groupBy: string): readonly string[] => {
  const names = groupBy.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !Object.hasOwn(DIMENSIONS, name));
  if (unknown === undefined) return names;
  const message = `Won value cannot be grouped by "${unknown}". Use any of ${Object.keys(DIMENSIONS).join(', ')}.`;
  throw new DomainError('invalid', 'bad-group-by', message, {
    fields: [{ pointer: '/groupBy', code: 'bad-group-by', message }],
  });
};
