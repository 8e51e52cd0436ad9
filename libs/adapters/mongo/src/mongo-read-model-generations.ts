import { otherDeclaration, unknownGeneration } from '@rapport/read-models';
import type { mongo } from 'mongoose';
import { isDuplicateKey } from './database-problem.js';
import type { MongoConnection } from './mongo-connection.js';
import { dropCollection, MongoDocuments } from './mongo-read-model-documents.js';
import type { StoredDocument, StoredFields } from './mongo-read-model-fields.js';

/** Which generation a collection's holder means: the named one, otherwise the active one of its shape, if any. */
export interface Claim {
  readonly name: string;
  readonly shape: string;
  readonly generation: string | undefined;
  readonly fields: StoredFields;
}

/** Where a collection's documents are. */
export interface Residence {
  readonly generation: string;
  readonly documents: MongoDocuments;
}

interface Generation {
  readonly name: string;
  readonly shape: string;
  /** Never used a second time, not even for a generation of the same name: whoever finds it gone may drop it again. */
  readonly collection: string;
}

/** The generations of one collection. Replaced as a whole, if its version is still the one that was read. */
interface Entry {
  readonly _id: string;
  readonly version: number;
  readonly active?: string;
  readonly generations: readonly Generation[];
}

/** So long this process may not notice that another one activated a generation, if its own is still there. */
const FRESH_MS = 1_000;

/**
 * The catalogue of generations, in the collection `read_model_generations`. It is kept in memory and read again when it is
 * a second old, and whenever what was found may be due to a generation having been dropped by another process.
 */
export class MongoGenerations {
  private readonly catalogue: mongo.Collection<Entry>;
  private readonly known = new Map<string, { readonly entry: Entry; readonly at: number }>();
  private readonly opened = new Map<string, MongoDocuments>();

  constructor(readonly connection: MongoConnection) {
    this.catalogue = catalogueOf(connection);
  }

  /** Makes the generation of a claim, its collection and indexes where they are missing. */
  async ensure(claim: Claim): Promise<void> {
    for (;;) {
      const entry = await this.refresh(claim.name);
      const generation = find(entry, claim);
      if (!generation) await this.register(entry, claim);
      else if (await this.prepare(this.open(generation, claim.fields), claim.name)) return;
    }
  }

  /** As far as this process knows. Throws DomainError `unknown-generation`. */
  residence(claim: Claim): Residence {
    const { name, shape, generation = shape, fields } = claim;
    const entry = this.known.get(name)?.entry;
    const found = entry && find(entry, claim);
    if (!found) throw unknownGeneration(name, generation);
    return { generation: found.name, documents: this.open(found, fields) };
  }

  /** Whether the documents are those of a generation that is there, as far as this process knows. */
  holds(name: string, { name: collection }: MongoDocuments): boolean {
    return this.known.get(name)!.entry.generations.some((generation) => generation.collection === collection);
  }

  isFresh(name: string): boolean {
    const known = this.known.get(name);
    return known !== undefined && performance.now() - known.at < FRESH_MS;
  }

  async refresh(name: string): Promise<Entry> {
    const entry = (await this.catalogue.findOne({ _id: name })) ?? { _id: name, version: 0, generations: [] };
    const known = this.known.get(name)?.entry;
    // Of two answers that crossed, the newer counts.
    const newest = known && known.version > entry.version ? known : entry;
    this.known.set(name, { entry: newest, at: performance.now() });
    for (const { collection } of known?.generations ?? []) {
      if (!newest.generations.some((generation) => generation.collection === collection))
        this.opened.delete(collection);
    }
    return newest;
  }

  /** Once the catalogue says so, no new call reaches the others. Repeat it when it failed: that finishes what it began. */
  async activate(name: string, generation: string): Promise<void> {
    for (;;) {
      const entry = await this.refresh(name);
      const kept = entry.generations.find((each) => each.name === generation);
      if (!kept) throw unknownGeneration(name, generation);
      if (entry.active === generation && entry.generations.length === 1) break;
      if (await this.replace(entry, { active: generation, generations: [kept] })) break;
    }
    await this.dropOthers(name);
  }

  /** Repeat it when it failed: that finishes what it began. */
  async discard(name: string, generation: string): Promise<void> {
    for (;;) {
      const entry = await this.refresh(name);
      const kept = entry.generations.filter((each) => each.name !== generation);
      if (entry.active === generation || kept.length === entry.generations.length) break;
      if (await this.replace(entry, { ...entry, generations: kept })) break;
    }
    await this.dropOthers(name);
  }

  /** The collections of every generation there is. */
  async collections(): Promise<readonly string[]> {
    const entries = await this.catalogue.find().toArray();
    return entries.flatMap(({ generations }) => generations.map(({ collection }) => collection));
  }

  private open({ collection }: Generation, fields: StoredFields): MongoDocuments {
    const { connection } = this;
    const opened =
      this.opened.get(collection) ??
      new MongoDocuments(connection.collection<StoredDocument>(collection), fields, connection.longestCallMs);
    this.opened.set(collection, opened);
    return opened;
  }

  private async register(entry: Entry, { name, shape, generation = shape }: Claim): Promise<void> {
    if (entry.generations.some((each) => each.name === generation)) throw otherDeclaration(name, generation);
    const collection = `${startOfCollections(name)}${quoted(generation)}.${entry.version + 1}`;
    const made: Generation = { name: generation, shape, collection };
    await this.replace(entry, { ...entry, generations: [...entry.generations, made] });
  }

  /** False when the generation was dropped meanwhile. */
  private async prepare(documents: MongoDocuments, name: string): Promise<boolean> {
    await documents.createIndexes();
    await this.refresh(name);
    if (this.holds(name, documents)) return true;
    await documents.drop();
    return false;
  }

  /** False when another process was faster. */
  private async replace(entry: Entry, next: Pick<Entry, 'active' | 'generations'>): Promise<boolean> {
    const { _id, version } = entry;
    try {
      const replacement = { ...next, version: version + 1 };
      if (version === 0) await this.catalogue.insertOne({ _id, ...replacement });
      else return (await this.catalogue.replaceOne({ _id, version }, replacement)).matchedCount > 0;
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** A generation is in the catalogue before its collection is made: what is there first, and then not in it, was dropped. */
  private async dropOthers(name: string): Promise<void> {
    const database = this.connection.mongoose.db!;
    const there = await database.listCollections({}, { nameOnly: true }).toArray();
    const { generations } = await this.refresh(name);
    const kept = new Set(generations.map(({ collection }) => collection));
    for (const { name: collection } of there) {
      if (!collection.startsWith(startOfCollections(name)) || kept.has(collection)) continue;
      await dropCollection(database.collection(collection));
    }
  }
}

export const catalogueOf = (connection: MongoConnection): mongo.Collection<Entry> =>
  connection.collection<Entry>('read_model_generations');

const find = ({ active, generations }: Entry, { shape, generation }: Claim): Generation | undefined => {
  const named = (name: string | undefined) => generations.find((each) => each.name === name && each.shape === shape);
  return generation === undefined ? (named(active) ?? named(shape)) : named(generation);
};

const startOfCollections = (name: string): string => `read_model.${quoted(name)}.`;

/** As a part of a collection's name, between dots. */
const quoted = (text: string): string => encodeURIComponent(text).replaceAll('.', '%2E');
