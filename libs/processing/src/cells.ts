import type { Position, RecordedEvent } from '@rapport/kernel';
import type { CollectionDeclaration, Document } from '@rapport/read-models';

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
  /** Whose sum it belongs to: `{ stage: 'Engaging', currency: 'USD' }`. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly measures: Readonly<Record<string, number>>;
}

/** The sum of all contributions of one day to one combination of dimensions, which are fields of it, as are the measures. */
export interface Cell extends Document {
  /** UTC day on which the changes occurred, `2017-03-01`. */
  readonly day: string;
  readonly [dimensionOrMeasure: string]: string | number;
}

/** A change to one cell by one event. */
export interface CellChange {
  readonly tenant: string;
  readonly id: string;
  readonly day: string;
  readonly position: Position;
  readonly contribution: Contribution;
  readonly sign: 1 | -1;
}

/** What an event did to the cells, given the document before and after it. */
export const cellChanges = <D extends Document>(
  projection: CellProjection<D>,
  before: D | null,
  after: D | null,
  event: RecordedEvent,
): readonly CellChange[] => {
  const changes: CellChange[] = [];
  const day = event.metadata.occurredAt.slice(0, 10);
  const add = (contribution: Contribution, sign: 1 | -1): void => {
    const id = `${day}|${Object.values(contribution.dimensions).join('|')}`;
    changes.push({ tenant: event.metadata.tenant, id, day, position: event.position, contribution, sign });
  };
  if (before) for (const contribution of projection.contributions(before)) add(contribution, -1);
  if (after) for (const contribution of projection.contributions(after)) add(contribution, 1);
  return changes;
};

/** A cell with one more change. */
export const withChange = (cell: Cell | null, change: CellChange): Cell => {
  const { tenant, id, day, contribution, sign } = change;
  const next: Record<string, string | number> = cell ? { ...cell } : { id, tenant, day, ...contribution.dimensions };
  for (const [measure, amount] of Object.entries(contribution.measures)) {
    next[measure] = ((next[measure] as number | undefined) ?? 0) + sign * amount;
  }
  return next as Cell;
};
