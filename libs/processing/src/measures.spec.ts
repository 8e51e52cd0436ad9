import { describe, expect, it } from '@jest/globals';
import { positionOf, type RecordedEvent } from '@rapport/kernel';
import type { Document } from '@rapport/read-models';
import fc from 'fast-check';
import { type Cell, cellChanges, type CellProjection, withChange } from './cells.js';
import { measured, measureFields, measureSums } from './measures.js';

interface Amount extends Document {
  readonly minor: number;
}

const cells: CellProjection<Amount> = {
  declaration: { name: 'cells', fields: { day: 'date', ...measureFields('minor') }, indexes: [] },
  contributions: ({ minor }) => [
    { dimensions: {}, measures: { minor } },
    { dimensions: {}, measures: { minor } },
  ],
};

const event = { position: positionOf(1), metadata: { tenant: 'main', occurredAt: '2026-01-01T00:00:00.000Z' } };

const amountOf = (minor: number | null): Amount | null => (minor === null ? null : { id: 'a', tenant: 'main', minor });

/** What a group of nothing but this cell adds up to. */
const totalOf = (cell: Cell): bigint => {
  const sums = measureSums(['minor']).map((field) => [field, BigInt(cell[field] ?? 0)]);
  return measured({ sums: Object.fromEntries(sums) as Record<string, bigint> }, 'minor');
};

describe('a measure of a cell', () => {
  const changes = fc.array(fc.tuple(fc.option(fc.maxSafeInteger()), fc.option(fc.maxSafeInteger())), {
    minLength: 1,
    maxLength: 40,
  });

  it('is exact at any size, whatever comes and goes, and each field of it a safe integer', () => {
    fc.assert(
      fc.property(changes, (steps) => {
        let cell: Cell | null = null;
        let expected = 0n;
        for (const [before, after] of steps) {
          const all = cellChanges(cells, amountOf(before), amountOf(after), event as RecordedEvent);
          for (const change of all) cell = withChange(cell, change);
          expected += 2n * (BigInt(after ?? 0) - BigInt(before ?? 0));
        }
        if (!cell) return expect(expected).toBe(0n);
        for (const field of measureSums(['minor'])) expect(Number.isSafeInteger(cell[field] ?? 0)).toBe(true);
        expect(totalOf(cell)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('is one number as long as it is small, and never -0', () => {
    const [change] = cellChanges(cells, null, amountOf(7), event as RecordedEvent);
    const [back] = cellChanges(cells, amountOf(7), null, event as RecordedEvent);
    const cell = withChange(null, change!);
    expect(cell).toEqual({ id: '2026-01-01', tenant: 'main', day: '2026-01-01', minor: 14 });
    expect(withChange(cell, back!)['minor']).toBe(0);
  });
});
