import { type Position, type RecordedEvent, type TimeZone, UTC } from '@rapport/kernel';
import type { CollectionDeclaration, Document } from '@rapport/read-models';
import { addMeasure } from './measures.js';

/**
 * Figures as signed amounts per day: what a document contributes is subtracted when it changes and added as it is then,
 * on the day when the change occurred. Summing cells up to a day gives the figure as of the end of that day.
 */
export interface CellProjection<D extends Document = Document> {
  readonly declaration: CollectionDeclaration<Cell>;
  /** What one document adds to the figures as it stands. Pure. */
  contributions(document: D): readonly Contribution[];
}

export interface Contribution {
  /** Whose sum it belongs to: `{ stage: 'Engaging', currency: 'USD' }`; in one projection always in the same order. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** What is summed, in whole numbers: minor units, not euros. A measure's fields are declared by {@link measureFields}. */
  readonly measures: Readonly<Record<string, number>>;
}

/** The sum of all contributions of one day to one combination of dimensions, which are fields of it, as are the measures. */
export interface Cell extends Document {
  /** Day on which the changes occurred, `2017-03-01`, by the projection's calendar. */
  readonly day: string;
  readonly [dimensionOrMeasure: string]: string | number;
}

/** What one event did to one cell. */
export interface CellChange {
  readonly tenant: string;
  readonly id: string;
  readonly day: string;
  readonly position: Position;
  readonly dimensions: Contribution['dimensions'];
  /** Signed, what went out and what came in taken together, carries apart; never all zero. */
  readonly amounts: Readonly<Record<string, number>>;
}

/**
 * What an event did to the cells, given the document before and after it: at most one change per cell, so that a cell's
 * position tells whether it has the event already.
 */
export const cellChanges = <D extends Document>(
  projection: CellProjection<D>,
  before: D | null,
  after: D | null,
  event: RecordedEvent,
  zone: TimeZone = UTC,
): readonly CellChange[] => {
  const { position, metadata } = event;
  return changed(projection, before, after, {
    tenant: metadata.tenant,
    day: zone.dayOf(metadata.occurredAt),
    position,
  });
};

/** What a document adds as it stands, as if nothing had been before that day. */
export const contributed = <D extends Document>(
  projection: CellProjection<D>,
  document: D,
  day: string,
): readonly CellChange[] => changed(projection, null, document, { tenant: document.tenant, day, position: '' });

const changed = <D extends Document>(
  projection: CellProjection<D>,
  before: D | null,
  after: D | null,
  { tenant, day, position }: Pick<CellChange, 'tenant' | 'day' | 'position'>,
): readonly CellChange[] => {
  const nets = new Map<string, Net>();
  if (before) for (const contribution of projection.contributions(before)) addTo(nets, contribution, -1);
  if (after) for (const contribution of projection.contributions(after)) addTo(nets, contribution, 1);
  const changes: CellChange[] = [];
  for (const [place, { dimensions, amounts }] of nets) {
    if (Object.values(amounts).every((amount) => amount === 0)) continue;
    changes.push({ tenant, id: `${day}${place}`, day, position, dimensions, amounts });
  }
  return changes;
};

/** A cell with one more change. */
export const withChange = (cell: Cell | null, change: CellChange): Cell => {
  const { tenant, id, day, dimensions, amounts } = change;
  const next: Record<string, string | number> = cell ? { ...cell } : { id, tenant, day, ...dimensions };
  for (const measure of Object.keys(amounts)) addMeasure(next, measure, amounts[measure]!);
  return next as Cell;
};

interface Net {
  readonly dimensions: Contribution['dimensions'];
  readonly amounts: Record<string, number>;
}

const addTo = (nets: Map<string, Net>, { dimensions, measures }: Contribution, sign: 1 | -1): void => {
  const place = placeOf(dimensions);
  let net = nets.get(place);
  if (!net) nets.set(place, (net = { dimensions, amounts: {} }));
  for (const measure of Object.keys(measures)) addMeasure(net.amounts, measure, sign * measures[measure]!);
};

/** `|stage=Engaging|currency=USD`, so written that no two combinations look the same. */
const placeOf = (dimensions: Contribution['dimensions']): string => {
  let place = '';
  for (const name of Object.keys(dimensions)) place += `|${name}=${escaped(dimensions[name]!)}`;
  return place;
};

const escaped = (value: string): string => (/[|\\]/.test(value) ? value.replaceAll(/[|\\]/g, '\\$&') : value);
