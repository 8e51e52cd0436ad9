import { createHash } from 'node:crypto';
import type { Collection, CollectionDeclaration, Document, ReadModelStore } from '@rapport/read-models';
import type { Projection } from './projection.js';
import { replaceDocument } from './standing-document.js';

/** A generation of a projection and how its collections were declared when it was made: documents first, then cells. */
export interface Generation {
  readonly generation: string;
  readonly declarations: readonly CollectionDeclaration[];
}

interface Entry extends Document {
  readonly active?: Generation;
  /** Not complete yet. A restart goes on with it. */
  readonly building?: Generation;
}

const declaration: CollectionDeclaration<Entry> = { name: 'projection_generations', fields: {}, indexes: [] };

/** It belongs to no tenant. */
const TENANT = '_';

/**
 * Remembers how each projection's generations were declared. Without it an old generation could not be opened, and go on
 * serving, once the code declares something else.
 */
export class Generations {
  private constructor(
    private readonly store: ReadModelStore,
    private readonly collection: Collection<Entry>,
  ) {}

  static async open(store: ReadModelStore): Promise<Generations> {
    return new Generations(store, await store.collection(declaration));
  }

  /** As it was declared; undefined when nobody remembers. */
  async find(projection: string, generation: string): Promise<Generation | undefined> {
    const entry = await this.collection.get(TENANT, projection);
    return [entry?.active, entry?.building].find((known) => known?.generation === generation);
  }

  async isActive(projection: string, generation: string): Promise<boolean> {
    return (await this.collection.get(TENANT, projection))?.active?.generation === generation;
  }

  /** The generation of this shape that was begun and not finished, or a new one's name. */
  async begun(projection: Projection, shape: string): Promise<string> {
    const entry = await this.collection.get(TENANT, projection.declaration.name);
    const begun = entry?.building?.generation;
    return begun !== undefined && hasShape(begun, shape) ? begun : newGeneration(shape);
  }

  building(projection: Projection, generation: string): Promise<void> {
    const building = { generation, declarations: declarationsOf(projection) };
    return this.change(projection.declaration.name, (entry) => ({ ...entry, building }));
  }

  active(projection: Projection, generation: string): Promise<void> {
    const active = { generation, declarations: declarationsOf(projection) };
    return this.change(projection.declaration.name, ({ id, tenant }) => ({ id, tenant, active }));
  }

  private change(id: string, change: (entry: Entry) => Entry): Promise<void> {
    const key = { tenant: TENANT, id };
    return replaceDocument(this.store, this.collection, key, (entry) => change(entry ?? key));
  }
}

/** Digest of what a projection's documents can be asked and of how they come about; another one means another generation. */
export const shapeOf = (projection: Projection): string => {
  const shape = [projection.version ?? 1, declarationsOf(projection)];
  return createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 12);
};

export const hasShape = (generation: string, shape: string): boolean => generation.startsWith(`${shape}-`);

/** Never used before: a checkpoint of that name would be wrong for an empty collection. */
export const newGeneration = (shape: string): string =>
  `${shape}-${Date.now().toString(36)}${(made += 1).toString(36)}`;
let made = 0;

export const declarationsOf = ({ declaration, cells = [] }: Projection): readonly CollectionDeclaration[] =>
  [declaration, ...cells.map((cell) => cell.declaration)].map(({ name, fields, indexes }) => ({
    name,
    fields,
    indexes,
  }));
