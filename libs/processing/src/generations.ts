import { createHash, randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { everythingOf } from '@rapport/access';
import { DomainError, START, UTC_CALENDAR } from '@rapport/kernel';
import {
  SEARCH_KEY_VERSION,
  type Collection,
  type CollectionDeclaration,
  type Document,
  type ReadModelStore,
} from '@rapport/read-models';
import type { Come } from './facts-behind.js';
import type { Projection } from './projection.js';
import { replaceDocument } from './standing-document.js';

/** A generation of a projection and how its collections were declared when it was made: documents first, then cells. */
export interface Generation {
  readonly generation: string;
  readonly declarations: readonly CollectionDeclaration[];
  /** The streams that it was made from, by prefix; those of now where nobody remembers. */
  readonly prefixes?: readonly string[];
}

/** What a rebuild that somebody asked for has come to. */
export type Rebuilt = { readonly id: string } & (
  { readonly generation: string; readonly events: number } | { readonly failure: string }
);

/** What all processes of a service know of a projection. */
export interface ProjectionEntry extends Document {
  readonly active?: Generation;
  /** Complete and served from now on; the active one is dropped once no process can be reading it any more. */
  readonly next?: Generation;
  /** Not complete yet. A restart goes on with it. */
  readonly building?: Generation;
  /** The id of a rebuild that the owner is asked for. */
  readonly wanted?: string;
  readonly rebuilt?: Rebuilt;
}

const declaration: CollectionDeclaration<ProjectionEntry> = { name: 'projection_generations', fields: {}, indexes: [] };

/** It belongs to no tenant. */
const TENANT = '_';
const EVERY_ENTRY = everythingOf(TENANT);

/**
 * Remembers how each projection's generations were declared. Without it an old generation could not be opened, and go on
 * serving, once the code declares something else. It is also where processes tell each other which one is served.
 */
export class Generations {
  private constructor(
    private readonly store: ReadModelStore,
    private readonly collection: Collection<ProjectionEntry>,
  ) {}

  static async open(store: ReadModelStore): Promise<Generations> {
    return new Generations(store, await store.collection(declaration));
  }

  entry(projection: string): Promise<ProjectionEntry | undefined> {
    return this.collection.get(EVERY_ENTRY, projection);
  }

  /** As it was declared; undefined when nobody remembers. */
  async find(projection: string, generation: string): Promise<Generation | undefined> {
    const entry = await this.entry(projection);
    return [entry?.next, entry?.active, entry?.building].find((known) => known?.generation === generation);
  }

  async isActive(projection: string, generation: string): Promise<boolean> {
    const entry = await this.entry(projection);
    return entry?.active?.generation === generation && entry.next === undefined;
  }

  /** How far the furthest of a projection's generations has come, with its follower's name. */
  async furthest(projection: string): Promise<Come> {
    const entry = await this.entry(projection);
    const active = await this.store.activeGeneration(projection);
    const known = [entry?.active, entry?.next, entry?.building].map((each) => each?.generation);
    let furthest: Come = { follower: projection, position: START };
    for (const generation of new Set([active, ...known])) {
      if (generation === undefined) continue;
      const follower = followerOf(projection, generation);
      const position = await this.store.checkpoint(follower);
      if (position !== undefined && position > furthest.position) furthest = { follower, position };
    }
    return furthest;
  }

  /** The generation of this shape that was begun and not finished, or a new one's name. */
  async begun(projection: Projection, shape: string): Promise<string> {
    const begun = (await this.entry(projection.declaration.name))?.building?.generation;
    return begun !== undefined && hasShape(begun, shape) ? begun : newGeneration(shape);
  }

  building(projection: string, building: Generation): Promise<void> {
    return this.change(projection, (entry) => ({ ...entry, building }));
  }

  /** A generation is not being built any more. */
  brokenOff(projection: string, generation: string): Promise<void> {
    return this.change(projection, ({ building, ...entry }) =>
      building === undefined || building.generation === generation ? entry : { ...entry, building },
    );
  }

  next(projection: string, next: Generation): Promise<void> {
    return this.change(projection, (entry) => ({ ...entry, next }));
  }

  active(projection: string, active: Generation): Promise<void> {
    return this.change(projection, ({ next: _, building: __, ...entry }) => ({ ...entry, active }));
  }

  /** Asks the owner for a rebuild. @throws DomainError rebuild-under-way */
  want(projection: string, id: string): Promise<void> {
    return this.change(projection, ({ wanted = id, ...entry }) => {
      if (wanted !== id) throw rebuildUnderWay(projection);
      return { ...entry, wanted };
    });
  }

  /** Tells whoever asked for a rebuild what has become of it. */
  answer(projection: string, rebuilt: Rebuilt): Promise<void> {
    return this.change(projection, ({ wanted: _, ...entry }) => ({ ...entry, rebuilt }));
  }

  private change(id: string, change: (entry: ProjectionEntry) => ProjectionEntry): Promise<void> {
    const key = { tenant: TENANT, id };
    return replaceDocument(this.store, this.collection, key, (entry) => change(entry ?? key));
  }
}

export const rebuildUnderWay = (projection: string): DomainError => {
  const message = `${projection} is being rebuilt already. Wait until that is done.`;
  return new DomainError('conflict', 'rebuild-under-way', message);
};

/**
 * Digest of what a projection's documents can be asked and of how they, and the keys stored with them, come about; another
 * one means another generation.
 * @param declared the streams that the projection names; that it follows others now is a part of its shape
 */
export const shapeOf = (projection: Projection, declared: readonly string[] = projection.prefixes): string => {
  const shape: unknown[] = [projection.version ?? 1, SEARCH_KEY_VERSION, declarationsOf(projection)];
  if (!isDeepStrictEqual(projection.prefixes, declared)) shape.push(projection.prefixes);
  const { name } = projection.calendar ?? UTC_CALENDAR;
  if (name !== UTC_CALENDAR.name) shape.push(name);
  return createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 12);
};

/** What the follower that builds a generation is called. */
export const followerOf = (projection: string, generation: string): string => `${projection}@${generation}`;

export const hasShape = (generation: string, shape: string): boolean => generation.startsWith(`${shape}-`);

/** Never used before, in any process: a checkpoint of that name would be wrong for an empty collection. */
export const newGeneration = (shape: string): string =>
  `${shape}-${Date.now().toString(36)}${randomBytes(4).toString('hex')}`;

export const declarationsOf = ({ declaration, cells = [] }: Projection): readonly CollectionDeclaration[] =>
  [declaration, ...cells.map((cell) => cell.declaration)].map(({ name, fields, indexes, lookups, open }) => ({
    ...{ name, fields, indexes },
    ...(lookups && { lookups }),
    ...(open !== undefined && { open }),
  }));
