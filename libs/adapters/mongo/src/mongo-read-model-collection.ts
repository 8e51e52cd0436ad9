import type { Position } from '@rapport/kernel';
import {
  getMany,
  type Aggregation,
  type Collection,
  type CollectionDeclaration,
  type Document,
  type DocumentKey,
  type Documents,
  type DocumentWrite,
  type Filter,
  type Group,
  type Query,
  type QueryPage,
  type Scope,
} from '@rapport/read-models';
import type { MongoDocuments } from './mongo-read-model-documents.js';
import type { StoredFields } from './mongo-read-model-fields.js';
import type { Claim, MongoGenerations } from './mongo-read-model-generations.js';

/**
 * A collection as its users hold it. A dropped generation looks like an empty one to MongoDB, so an answer that may have
 * been cut short makes sure of its generation and, if that is gone, asks the one that took its place.
 */
export class MongoCollection<D extends Document = Document> implements Collection<D> {
  /** @param asked for a tenant's fields as well, where that is so */
  constructor(
    readonly declaration: CollectionDeclaration<D>,
    readonly generations: MongoGenerations,
    private readonly claim: Claim,
    private readonly asked?: StoredFields,
  ) {}

  get generation(): string {
    return this.generations.residence(this.claim).generation;
  }

  async get(scope: Scope, id: string): Promise<D | undefined> {
    const found = await this.read(
      (documents) => documents.get(scope, id),
      (document) => document !== undefined,
    );
    return found as D | undefined;
  }

  getMany(scope: Scope, ids: Iterable<string>): Promise<ReadonlyMap<string, D>> {
    return getMany(this, scope, ids);
  }

  async load(keys: readonly DocumentKey[]): Promise<Map<string, { document: D | null; position: Position }>> {
    const found = await this.read(
      (documents) => documents.load(keys),
      ({ size }) => size > 0,
    );
    return found as Map<string, { document: D | null; position: Position }>;
  }

  async query(scope: Scope, query: Query): Promise<QueryPage<D>> {
    const page = await this.read(
      (documents) => documents.query(scope, query),
      ({ next }) => next !== undefined,
    );
    return page as QueryPage<D>;
  }

  count(scope: Scope, filter?: Filter): Promise<number> {
    return this.read(
      (documents) => documents.count(scope, filter),
      (count) => count > 0,
    );
  }

  estimatedCount(scope: Scope): Promise<number> {
    return this.read(
      (documents) => documents.estimatedCount(scope),
      (count) => count > 0,
    );
  }

  aggregate(scope: Scope, aggregation: Aggregation): Promise<readonly Group[]> {
    return this.read(
      (documents) => documents.aggregate(scope, aggregation),
      ([group]) => group !== undefined && group.count > 0,
    );
  }

  withFields(fields: CollectionDeclaration['fields']): Documents<D> {
    if (this.declaration.open === undefined) return this;
    const asked = this.claim.fields.with(fields);
    return new MongoCollection(asked.declaration as CollectionDeclaration<D>, this.generations, this.claim, asked);
  }

  /** Writing to a dropped collection makes it again; so, when documents are new, it is made sure that it is still meant. */
  async put(writes: Iterable<DocumentWrite>): Promise<void> {
    const { name } = this.claim;
    if (!this.generations.isFresh(name)) await this.generations.refresh(name);
    for (;;) {
      const { documents } = this.generations.residence(this.claim);
      if (!(await documents.put(writes))) return;
      await this.generations.refresh(name);
      if (this.generations.holds(name, documents)) return;
      await documents.drop();
    }
  }

  private read<T>(ask: (documents: MongoDocuments) => Promise<T>, isSure: (answer: T) => boolean): Promise<T> {
    const { name } = this.claim;
    return this.generations.connection.run(async () => {
      if (!this.generations.isFresh(name)) await this.generations.refresh(name);
      for (;;) {
        const { documents } = this.generations.residence(this.claim);
        const answer = await ask(this.asked ? documents.as(this.asked) : documents);
        if (isSure(answer)) return answer;
        await this.generations.refresh(name);
        if (this.generations.residence(this.claim).documents === documents) return answer;
      }
    });
  }
}
