import { everythingOf } from '@rapport/access';
import type { EventStore } from '@rapport/event-store';
import { partsOf } from '@rapport/event-store';
import { type Position, type RecordedEvent, START } from '@rapport/kernel';
import {
  type Collection,
  type CollectionDeclaration,
  type Document,
  InMemoryReadModelStore,
} from '@rapport/read-models';
import type { LiveDocuments } from '../engine/import-parts.js';

interface Folded<D extends Document> {
  readonly declaration: CollectionDeclaration<D>;
  readonly prefixes: readonly string[];
  readonly key?: (event: RecordedEvent) => string | readonly string[] | undefined;
  readonly fold: (document: D | null, event: RecordedEvent, id: string) => D | null;
}

/** A read model that follows only when somebody asks. */
export class FollowedDocuments<D extends Document> implements LiveDocuments<D> {
  documents!: Collection<D>;
  private position: Position = START;

  private constructor(
    private readonly store: InMemoryReadModelStore,
    private readonly events: EventStore,
    private readonly projection: Folded<D>,
  ) {}

  static async open<D extends Document>(events: EventStore, projection: Folded<D>): Promise<FollowedDocuments<D>> {
    const followed = new FollowedDocuments(new InMemoryReadModelStore(), events, projection);
    followed.documents = await followed.store.collection(projection.declaration);
    return followed;
  }

  async reach(): Promise<void> {
    const { prefixes, key, fold } = this.projection;
    const signal = new AbortController().signal;
    for await (const page of this.events.follow({ prefixes, after: this.position, signal })) {
      for (const event of page.events) {
        const { tenant } = event.metadata;
        const collection = this.documents as unknown as Collection<Document>;
        for (const id of [key ? (key(event) ?? []) : partsOf(event.stream).id].flat()) {
          const document = fold((await this.documents.get(everythingOf(tenant), id)) ?? null, event, id);
          await this.store.write({ writes: [{ collection, tenant, id, position: event.position, document }] });
        }
      }
      this.position = page.position;
      if (page.caughtUp) return;
    }
  }
}
