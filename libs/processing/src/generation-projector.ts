import type { CollectionDeclaration, ReadModelStore } from '@rapport/read-models';
import type { Cell } from './cells.js';
import type { Generation } from './generations.js';
import type { Projection } from './projection.js';
import { Projector } from './projector.js';

/**
 * Opens a generation as it was declared when it was made. Cells that the code does not know any more, or that were not
 * there then, are left out.
 */
export const openAsDeclared = (
  store: ReadModelStore,
  projection: Projection,
  { generation, declarations: [documents, ...declared], prefixes = projection.prefixes }: Generation,
): Promise<Projector> => {
  const cells = (projection.cells ?? []).flatMap((cell) => {
    const declaration = declared.find(({ name }) => name === cell.declaration.name);
    return declaration ? [{ ...cell, declaration: declaration as CollectionDeclaration<Cell> }] : [];
  });
  return Projector.open(store, { ...projection, declaration: documents!, cells, prefixes }, generation);
};
