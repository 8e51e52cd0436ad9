import { partsOf, type Page } from '@rapport/event-store';
import { ATTRIBUTES, SPANS, tracer } from '@rapport/observability';
import { type Position, type RecordedEvent, UTC_CALENDAR } from '@rapport/kernel';
import { keyOf, type Collection, type Document, type DocumentKey, type DocumentWrite } from '@rapport/read-models';
import type { ReadModelStore } from '@rapport/read-models';
import { cellChanges, type Cell, type CellChange } from './cells.js';
import { cellWrites } from './cell-writes.js';
import { checkpointIn, type Checkpoint } from './checkpoint.js';
import type { PageOutcome } from './follower.js';
import { forgetsPeople, forgettingWrites, type ForgettingProjection, forgottenBy, isFolded } from './forgetting.js';
import { followerOf } from './generations.js';
import { NO_TENANT, type Projection } from './projection.js';

/** Folds pages of events into one generation of a projection's collections. */
export class Projector {
  readonly checkpoint: Checkpoint;

  private constructor(
    private readonly store: ReadModelStore,
    private readonly projection: Projection,
    readonly generation: string,
    readonly documents: Collection<Document>,
    readonly cells: readonly Collection<Cell>[],
  ) {
    this.checkpoint = checkpointIn(store, this.follower);
  }

  static async open<D extends Document>(
    store: ReadModelStore,
    projection: Projection<D>,
    generation: string,
  ): Promise<Projector> {
    const documents = await store.collection(projection.declaration, generation);
    const cells: Collection<Cell>[] = [];
    for (const { declaration } of projection.cells ?? []) cells.push(await store.collection(declaration, generation));
    // What is stored under this declaration was made by this projection.
    return new Projector(store, projection, generation, documents, cells);
  }

  get follower(): string {
    return followerOf(this.projection.declaration.name, this.generation);
  }

  /** Of the streams that it reads. */
  get prefixes(): readonly string[] {
    return this.projection.prefixes;
  }

  handle(page: Page): Promise<PageOutcome> {
    if (!tracer.enabled) return this.project(page);
    const attributes = { [ATTRIBUTES.follower]: this.follower, [ATTRIBUTES.batchSize]: page.events.length };
    return tracer.span(SPANS.projection, attributes, () => this.project(page));
  }

  /** Lets the documents and cells be asked for by what they say: a generation that is being built does not need it before. */
  async index(): Promise<void> {
    for (const collection of [this.documents, ...this.cells]) await this.store.index(collection);
  }

  /**
   * Writes cells, then documents, then the checkpoint. The changes of cells follow from the documents as they were: were
   * documents written first, an engine that stops half-way would leave cells that nothing can complete any more.
   */
  private async project(page: Page): Promise<PageOutcome> {
    if (forgetsPeople(this.projection)) return this.projectForgetting(this.projection, page);
    return this.projectEvents(page.events, page.position);
  }

  /** Whoever is forgotten in the middle of a page is forgotten in what stood before it, and before what comes behind. */
  private async projectForgetting(projection: ForgettingProjection, page: Page): Promise<PageOutcome> {
    const { events } = page;
    let from = 0;
    for (const [at, event] of events.entries()) {
      const ids = forgottenBy(projection, event);
      if (ids.length === 0) continue;
      await this.index();
      if (at > from) await this.projectEvents(events.slice(from, at), events[at - 1]!.position);
      const writes = await forgettingWrites(projection, this.documents, event, ids);
      if (writes.length > 0) await this.write(writes, event.position);
      from = at + 1;
    }
    return this.projectEvents(events.slice(from), page.position);
  }

  private async projectEvents(events: readonly RecordedEvent[], position: Position): Promise<PageOutcome> {
    const keyed = this.keyed(events);
    if (keyed.length === 0) return 'nothing';
    const { documents, changes } = this.folded(keyed, await this.documents.load(distinct(keyed)));
    const writes: DocumentWrite[] = [];
    for (const [at, cells] of this.cells.entries()) writes.push(...(await cellWrites(cells, changes[at]!)));
    writes.push(...documents);
    if (writes.length === 0) return 'nothing';
    return this.write(writes, position);
  }

  private async write(writes: readonly DocumentWrite[], position: Position): Promise<PageOutcome> {
    await this.store.write({ writes, checkpoint: { follower: this.follower, position } });
    return 'saved';
  }

  /** The documents that changed, and what that does to the cells of each cell projection. */
  private folded(
    keyed: readonly KeyedEvent[],
    stored: Awaited<ReturnType<Collection<Document>['load']>>,
  ): { documents: Iterable<DocumentWrite>; changes: readonly CellChange[][] } {
    const { cells = [], calendar = UTC_CALENDAR } = this.projection;
    const documents = new Map<string, DocumentWrite>();
    const changes: CellChange[][] = cells.map(() => []);
    for (const { mapKey, tenant, id, event } of keyed) {
      const known = stored.get(mapKey);
      const { position } = event;
      if (known && known.position >= position) continue;
      const before = known?.document ?? null;
      const zone = calendar.zoneOf(event.metadata.tenant);
      const document = this.projection.fold(before, event, id, zone);
      if (document === before) continue;
      for (let at = 0; at < cells.length; at += 1)
        changes[at]!.push(...cellChanges(cells[at]!, before, document, event, zone));
      stored.set(mapKey, { document, position });
      documents.set(mapKey, { collection: this.documents, tenant, id, position, document });
    }
    return { documents: documents.values(), changes };
  }

  private keyed(events: readonly RecordedEvent[]): readonly KeyedEvent[] {
    const keyed: KeyedEvent[] = [];
    for (const event of events) {
      if (!isFolded(this.projection, event)) continue;
      const tenant = this.projection.tenantless ? NO_TENANT : event.metadata.tenant;
      for (const id of this.idsOf(event)) keyed.push({ tenant, id, mapKey: keyOf({ tenant, id }), event });
    }
    return keyed;
  }

  private idsOf(event: RecordedEvent): readonly string[] {
    const { key } = this.projection;
    const ids = key ? key(event) : partsOf(event.stream).id;
    if (ids === undefined) return NONE;
    return typeof ids === 'string' ? [ids] : ids;
  }
}

const NONE: readonly string[] = [];

interface KeyedEvent extends DocumentKey {
  readonly mapKey: string;
  readonly event: RecordedEvent;
}

const distinct = (keyed: readonly KeyedEvent[]): readonly DocumentKey[] => [
  ...new Map(keyed.map((entry) => [entry.mapKey, entry])).values(),
];
