import { checkTenant, type Position } from '@rapport/kernel';
import {
  checkDeclaration,
  declarationDigest,
  otherDeclaration,
  unknownCollection,
  unknownGeneration,
} from './generation.js';
import { InMemoryCollection } from './in-memory-collection.js';
import { InMemoryDocuments } from './in-memory-documents.js';
import type { Collection, CollectionDeclaration, Document, ReadModelStore, WriteBatch } from './read-model-store.js';

/** For tests and as the shortest statement of what a store does: everything in maps, nothing kept over a restart. */
export class InMemoryReadModelStore implements ReadModelStore {
  private readonly generations = new Map<string, Map<string, InMemoryDocuments>>();
  private readonly active = new Map<string, string>();
  private readonly checkpoints = new Map<string, Position>();

  async collection<D extends Document>(
    declaration: CollectionDeclaration<D>,
    generation?: string,
  ): Promise<Collection<D>> {
    checkDeclaration(declaration);
    const { name } = declaration;
    const digest = declarationDigest(declaration);
    const generations = this.generations.get(name) ?? new Map<string, InMemoryDocuments>();
    this.generations.set(name, generations);
    const resolve = () => generation ?? this.current(name, digest);
    const known = generations.get(resolve());
    if (known && declarationDigest(known.declaration) !== digest) throw otherDeclaration(name, resolve());
    if (!known) generations.set(resolve(), new InMemoryDocuments(declaration));
    return new InMemoryCollection(declaration, resolve, () => this.documents(name, resolve()));
  }

  /** Everything is looked through. */
  async index(collection: Collection<Document>): Promise<void> {
    if (!(collection instanceof InMemoryCollection)) throw unknownCollection(collection.declaration.name);
    collection.documents();
  }

  async write({ writes, checkpoint }: WriteBatch): Promise<void> {
    const targets = writes.map(({ collection, tenant }) => {
      checkTenant(tenant);
      if (!(collection instanceof InMemoryCollection)) throw unknownCollection(collection.declaration.name);
      return collection.documents();
    });
    writes.forEach(({ tenant, id, document, position }, i) => targets[i]!.put(tenant, id, { document, position }));
    if (checkpoint) this.moveCheckpoint(checkpoint.follower, checkpoint.position);
  }

  async checkpoint(follower: string): Promise<Position | undefined> {
    return this.checkpoints.get(follower);
  }

  async activeGeneration(name: string): Promise<string | undefined> {
    return this.active.get(name);
  }

  async activate(name: string, generation: string): Promise<void> {
    this.documents(name, generation);
    this.active.set(name, generation);
    const generations = this.generations.get(name)!;
    for (const other of [...generations.keys()]) if (other !== generation) generations.delete(other);
  }

  async drop(name: string, generation: string): Promise<void> {
    if (this.active.get(name) !== generation) this.generations.get(name)?.delete(generation);
  }

  async removeTenant(tenant: string): Promise<number> {
    let removed = 0;
    for (const generations of this.generations.values())
      for (const documents of generations.values()) removed += documents.removeTenant(tenant);
    return removed;
  }

  /** Nothing is kept in files. */
  async purge(): Promise<void> {}

  async close(): Promise<void> {}

  private moveCheckpoint(follower: string, position: Position): void {
    const known = this.checkpoints.get(follower);
    if (known === undefined || known < position) this.checkpoints.set(follower, position);
  }

  /** The active generation where it has this shape, otherwise the one that is named after the shape. */
  private current(name: string, digest: string): string {
    const active = this.active.get(name);
    const documents = active === undefined ? undefined : this.generations.get(name)?.get(active);
    return active !== undefined && documents && declarationDigest(documents.declaration) === digest ? active : digest;
  }

  private documents(name: string, generation: string): InMemoryDocuments {
    const documents = this.generations.get(name)?.get(generation);
    if (!documents) throw unknownGeneration(name, generation);
    return documents;
  }
}
