import type { Position } from '@rapport/kernel';
import type { Collection, CollectionDeclaration, Document, ReadModelStore, WriteBatch } from '@rapport/read-models';

/** A store without transactions that dies in the middle of some batches: what came before stays written. */
export class CrashingStore implements ReadModelStore {
  /** Writes done since the last crash. */
  private done = 0;

  /** @param crashes after how many writes to die, again and again; every checkpoint is one more write */
  constructor(
    private readonly store: ReadModelStore,
    private readonly crashes: number[],
  ) {}

  async write({ writes, checkpoint }: WriteBatch): Promise<void> {
    for (const write of writes) {
      this.dieIfDue();
      await this.store.write({ writes: [write] });
    }
    this.dieIfDue();
    if (checkpoint) await this.store.write({ writes: [], checkpoint });
  }

  private dieIfDue(): void {
    if (this.crashes.length === 0 || this.done++ < this.crashes[0]!) return;
    this.done = 0;
    this.crashes.shift();
    throw new Error('power failure');
  }

  collection<D extends Document>(declaration: CollectionDeclaration<D>, generation?: string): Promise<Collection<D>> {
    return this.store.collection(declaration, generation);
  }
  index(collection: Collection<Document>): Promise<void> {
    return this.store.index(collection);
  }
  checkpoint(follower: string): Promise<Position | undefined> {
    return this.store.checkpoint(follower);
  }
  activeGeneration(name: string): Promise<string | undefined> {
    return this.store.activeGeneration(name);
  }
  activate(name: string, generation: string): Promise<void> {
    return this.store.activate(name, generation);
  }
  drop(name: string, generation: string): Promise<void> {
    return this.store.drop(name, generation);
  }
  removeTenant(tenant: string): Promise<number> {
    return this.store.removeTenant(tenant);
  }
  purge(): Promise<void> {
    return this.store.purge();
  }
  close(): Promise<void> {
    return this.store.close();
  }
}
