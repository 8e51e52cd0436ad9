import type { Page } from '@rapport/event-store';
import { partsOf } from '@rapport/event-store';
import { START, type Position, type RecordedEvent } from '@rapport/kernel';
import { keyOf, type Collection, type Document, type DocumentKey, type DocumentWrite } from '@rapport/read-models';
import type { ReadModelStore } from '@rapport/read-models';
import { cellChanges, withChange, type Cell, type CellChange, type CellProjection } from './cells.js';
import type { Projection } from './projection.js';

/** Folds pages of events into one generation of a projection's collections. */
export class Projector {
  private constructor(
    private readonly store: ReadModelStore,
    private readonly projection: Projection,
    readonly generation: string,
    readonly documents: Collection<Document>,
    readonly cells: readonly Collection<Cell>[],
  ) {}

  static async open(store: ReadModelStore, projection: Projection, generation: string): Promise<Projector> {
    const documents = await store.collection(projection.declaration, generation);
    const cells: Collection<Cell>[] = [];
    for (const { declaration } of projection.cells ?? []) cells.push(await store.collection(declaration, generation));
    return new Projector(store, projection, generation, documents, cells);
  }

  get follower(): string {
    return `${this.projection.declaration.name}@${this.generation}`;
  }

  async checkpoint(): Promise<Position> {
    return (await this.store.checkpoint(this.follower)) ?? START;
  }

  /** Documents, then cells, then the checkpoint: cells go first, because their changes follow from the old documents. */
  async handle(page: Page): Promise<void> {
    const keyed = this.keyed(page.events);
    const stored = await this.documents.load([...new Map(keyed.map((entry) => [entry.mapKey, entry])).values()]);
    const fresh = new Map<string, DocumentWrite>();
    const changes: CellChange[][] = this.cells.map(() => []);
    for (const { mapKey, tenant, id, event } of keyed) {
      const known = stored.get(mapKey);
      if (known && known.position >= event.position) continue;
      const before = known?.document ?? null;
      const after = this.projection.fold(before, event);
      this.cells.forEach((_, at) => changes[at]!.push(...cellChanges(this.cellProjection(at), before, after, event)));
      stored.set(mapKey, { document: after, position: event.position });
      fresh.set(mapKey, { collection: this.documents, tenant, id, position: event.position, document: after });
    }
    const writes = [...(await this.cellWrites(changes)), ...fresh.values()];
    await this.store.write({ writes, checkpoint: { follower: this.follower, position: page.position } });
  }

  private cellProjection(at: number): CellProjection {
    return this.projection.cells![at]!;
  }

  private keyed(events: readonly RecordedEvent[]): readonly (DocumentKey & { mapKey: string; event: RecordedEvent })[] {
    const keyed: (DocumentKey & { mapKey: string; event: RecordedEvent })[] = [];
    for (const event of events) {
      const id = this.projection.key ? this.projection.key(event) : partsOf(event.stream).id;
      if (id === undefined) continue;
      const key = { tenant: event.metadata.tenant, id };
      keyed.push({ ...key, mapKey: keyOf(key), event });
    }
    return keyed;
  }

  private async cellWrites(changes: readonly (readonly CellChange[])[]): Promise<readonly DocumentWrite[]> {
    const writes = new Map<string, DocumentWrite>();
    for (const [at, collection] of this.cells.entries()) {
      const mine = changes[at]!;
      if (mine.length === 0) continue;
      const stored = await collection.load([...new Map(mine.map((change) => [change.id, change])).values()]);
      const before = new Map(stored);
      for (const change of mine) {
        const key = keyOf(change);
        // One event may change a cell twice (out of it and into it), so only what was stored before this page decides.
        if ((before.get(key)?.position ?? START) >= change.position) continue;
        const cell = withChange(stored.get(key)?.document ?? null, change);
        stored.set(key, { document: cell, position: change.position });
        const { tenant, id, position } = change;
        writes.set(`${at}/${key}`, { collection, tenant, id, position, document: cell } as DocumentWrite);
      }
    }
    return [...writes.values()];
  }
}
