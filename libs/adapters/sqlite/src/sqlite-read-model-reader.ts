import { DomainError, type Position } from '@rapport/kernel';
import {
  checkDeclaration,
  type Collection,
  type CollectionDeclaration,
  type Document,
  type ReadModelStore,
} from '@rapport/read-models';
import type { SqliteReading } from './reading.js';
import { CHECKPOINT, collectionIn } from './sqlite-read-model-store.js';
import { SqliteGenerations } from './sqlite-read-model-generations.js';

/**
 * Read models as another thread writes them. A collection may be opened before that one has made it, and is refused as an
 * unknown generation until then.
 */
export class SqliteReadModelReader implements ReadModelStore {
  private readonly generations: SqliteGenerations;

  /** Closing the store closes what it reads through. */
  constructor(
    private readonly reading: SqliteReading,
    /** Has the writer purge the file. */
    readonly purge: () => Promise<void>,
  ) {
    this.generations = new SqliteGenerations(reading);
  }

  async collection<D extends Document>(
    declaration: CollectionDeclaration<D>,
    generation?: string,
  ): Promise<Collection<D>> {
    checkDeclaration(declaration);
    return collectionIn(this.generations, declaration, generation);
  }

  async index(): Promise<never> {
    throw this.notHere();
  }

  async write(): Promise<never> {
    throw this.notHere();
  }

  async checkpoint(follower: string): Promise<Position | undefined> {
    return this.reading.prepare(CHECKPOINT).get(follower)?.['position'] as Position | undefined;
  }

  async activeGeneration(name: string): Promise<string | undefined> {
    return this.generations.active(name);
  }

  async drop(): Promise<never> {
    throw this.notHere();
  }

  async activate(): Promise<never> {
    throw this.notHere();
  }

  async removeTenant(): Promise<never> {
    throw this.notHere();
  }

  async close(): Promise<void> {
    this.reading.close();
  }

  private notHere(): DomainError {
    return new DomainError('internal', 'read-only', `${this.reading.file} is written by the thread that follows.`);
  }
}
