import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { calendarIn } from '@rapport/kernel';
import { type CollectionDeclaration, declarationDigest, SEARCH_KEY_VERSION } from '@rapport/read-models';
import { declarationsOf, hasShape, newGeneration, shapeOf } from './generations.js';
import type { Projection } from './projection.js';

const ships: Projection = {
  declaration: { name: 'ships', fields: { name: 'text' }, indexes: [['name']] },
  prefixes: ['ship-'],
  fold: (document) => document,
};
const generationOf = (...shape: readonly unknown[]): string =>
  newGeneration(createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 12));

describe('the shape of a generation', () => {
  it('is another one where text was folded otherwise into the stored keys', () => {
    const declarations = declarationsOf(ships);
    expect(hasShape(generationOf(1, SEARCH_KEY_VERSION, declarations), shapeOf(ships))).toBe(true);
    expect(hasShape(generationOf(1, SEARCH_KEY_VERSION - 1, declarations), shapeOf(ships))).toBe(false);
    expect(hasShape(generationOf(1, declarations), shapeOf(ships))).toBe(false);
  });

  it('is another one where the projection says so', () => {
    expect(shapeOf({ ...ships, version: 2 })).not.toBe(shapeOf(ships));
    const calendar = calendarIn('Asia/Tokyo');
    expect(shapeOf({ ...ships, calendar })).not.toBe(shapeOf(ships));
    expect(shapeOf({ ...ships, calendar: calendarIn('UTC') })).toBe(shapeOf(ships));
    expect(shapeOf({ ...ships, declaration: { ...ships.declaration, indexes: [] } })).not.toBe(shapeOf(ships));
  });
});

describe('what is remembered of a generation', () => {
  it('is all that tells its declaration from another', () => {
    const declaration = { ...ships.declaration, lookups: [['name']], open: 'custom' };
    const [remembered] = declarationsOf({ ...ships, declaration });
    expect(declarationDigest(JSON.parse(JSON.stringify(remembered)) as CollectionDeclaration)).toBe(
      declarationDigest(declaration),
    );
  });
});
