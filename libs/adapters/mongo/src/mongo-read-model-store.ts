import { checkTenant, type Position } from '@rapport/kernel';
import {
  checkDeclaration,
  declarationDigest,
  unknownCollection,
  type Collection,
  type CollectionDeclaration,
  type Document,
  type DocumentWrite,
  type ReadModelStore,
  type WriteBatch,
} from '@rapport/read-models';
import type { mongo } from 'mongoose';
import { changeOrInsert } from './change-or-insert.js';
import { compact, LONGEST_COMPACTION_MS } from './compaction.js';
import type { MongoConnection } from './mongo-connection.js';
import { MongoCollection } from './mongo-read-model-collection.js';
import { endOfTenant, startOfTenant, type StoredDocument, StoredFields } from './mongo-read-model-fields.js';
import { MongoGenerations } from './mongo-read-model-generations.js';

interface StoredCheckpoint {
  /** The follower. */
  readonly _id: string;
  readonly position: Position;
}

/**
 * Read models in MongoDB ≥ 6, or what speaks its protocol and has its common core. Any number of processes may share them.
 * A generation is a collection of its own. One document is the unit of change: a batch that fails half-way leaves what it
 * has written, but not its checkpoint. Documents are kept as BSON, which has no lone surrogates and takes no `_bsontype`.
 *
 * Besides what the port says, every call throws DomainError `unavailable` while the server is away.
 */
export class MongoReadModelStore implements ReadModelStore {
  private readonly generations: MongoGenerations;
  private readonly checkpoints: mongo.Collection<StoredCheckpoint>;

  /** Whoever opened the connection closes it. */
  constructor(private readonly connection: MongoConnection) {
    this.generations = new MongoGenerations(connection);
    this.checkpoints = checkpointsOf(connection);
  }

  async collection<D extends Document>(
    declaration: CollectionDeclaration<D>,
    generation?: string,
  ): Promise<Collection<D>> {
    checkDeclaration(declaration);
    const shape = declarationDigest(declaration);
    const claim = { name: declaration.name, shape, generation, fields: new StoredFields(declaration) };
    await this.connection.run(() => this.generations.ensure(claim));
    return new MongoCollection(declaration, this.generations, claim);
  }

  /** They are made with the collection, which other processes may read as soon as it is there. */
  async index(collection: Collection<Document>): Promise<void> {
    this.own(collection);
  }

  async write({ writes, checkpoint }: WriteBatch): Promise<void> {
    for (const { tenant } of writes) checkTenant(tenant);
    const batches = [...Map.groupBy(writes, ({ collection }) => this.own(collection))];
    await this.connection.run(async () => {
      for (const [collection, batch] of batches) await collection.put(batch);
      if (checkpoint) await this.moveCheckpoint(checkpoint.follower, checkpoint.position);
    });
  }

  async checkpoint(follower: string): Promise<Position | undefined> {
    const found = await this.connection.run(() => this.checkpoints.findOne({ _id: follower }));
    return found?.position;
  }

  async activeGeneration(name: string): Promise<string | undefined> {
    const { active } = await this.connection.run(() => this.generations.refresh(name));
    return active;
  }

  activate(name: string, generation: string): Promise<void> {
    return this.connection.run(() => this.generations.activate(name, generation));
  }

  drop(name: string, generation: string): Promise<void> {
    return this.connection.run(() => this.generations.discard(name, generation));
  }

  async removeTenant(tenant: string): Promise<number> {
    const theirs = { _id: { $gte: startOfTenant(tenant), $lt: endOfTenant(tenant) } };
    let removed = 0;
    for (const name of await this.connection.run(() => this.generations.collections())) {
      const documents = this.connection.collection<StoredDocument>(name);
      removed += await this.connection.run(() => documents.countDocuments({ ...theirs, tenant }));
      await this.connection.run(() => documents.deleteMany(theirs));
    }
    return removed;
  }

  /**
   * As far as a server that stands alone can be asked to (see {@link compact}). More it cannot do: free blocks, the journal,
   * the oplog, the members of a replica set and backups keep what they have until their own time is up.
   */
  async purge(): Promise<void> {
    const work = async (): Promise<void> => compact(this.connection.mongoose.db!, await this.generations.collections());
    await this.connection.run(work, LONGEST_COMPACTION_MS);
  }

  async close(): Promise<void> {}

  private own(collection: DocumentWrite['collection']): MongoCollection {
    if (!(collection instanceof MongoCollection) || collection.generations !== this.generations) {
      throw unknownCollection(collection.declaration.name);
    }
    return collection as MongoCollection;
  }

  private async moveCheckpoint(follower: string, position: Position): Promise<void> {
    const move = () => this.checkpoints.updateOne({ _id: follower }, { $max: { position } });
    await changeOrInsert(move, () => this.checkpoints.insertOne({ _id: follower, position }));
  }
}

export const checkpointsOf = (connection: MongoConnection): mongo.Collection<StoredCheckpoint> =>
  connection.collection<StoredCheckpoint>('read_model_checkpoints');
