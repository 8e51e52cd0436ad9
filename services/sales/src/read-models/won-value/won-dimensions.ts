import { DomainError } from '@rapport/kernel';
import type { Day } from '../../domain/opportunity/day.js';

/** Names behind the ids, as they are today. */
export interface Names {
  readonly owners: ReadonlyMap<string, { readonly name: string; readonly manager?: string; readonly region?: string }>;
  readonly products: ReadonlyMap<string, { readonly name: string }>;
  readonly accounts: ReadonlyMap<string, { readonly name: string }>;
  readonly pipelines: ReadonlyMap<string, { readonly name: string }>;
}

/** Something to group won value by: the field of the cells it comes from, what a value of it is called, and whether that is an id. */
export interface Dimension {
  readonly field: 'closedOn' | 'ownerId' | 'productId' | 'accountId' | 'pipelineId';
  readonly label: (value: string, names: Names) => string;
  readonly identified: boolean;
}

const period = (label: (day: Day) => string): Dimension => ({ field: 'closedOn', label, identified: false });

const called = (field: Dimension['field'], label: Dimension['label']): Dimension => ({
  field,
  label,
  identified: true,
});

export const DIMENSIONS: Readonly<Record<string, Dimension>> = {
  year: period((day) => day.slice(0, 4)),
  quarter: period((day) => `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`),
  month: period((day) => day.slice(0, 7)),
  owner: called('ownerId', (id, { owners }) => owners.get(id)?.name ?? ''),
  manager: { field: 'ownerId', label: (id, { owners }) => owners.get(id)?.manager ?? '', identified: false },
  region: { field: 'ownerId', label: (id, { owners }) => owners.get(id)?.region ?? '', identified: false },
  product: called('productId', (id, { products }) => products.get(id)?.name ?? ''),
  account: called('accountId', (id, { accounts }) => accounts.get(id)?.name ?? ''),
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
