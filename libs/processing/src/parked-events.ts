import type { EventStore } from '@rapport/event-store';
import { DomainError, type Position, type RecordedEvent } from '@rapport/kernel';
import { where, type Collection, type CollectionDeclaration, type ReadModelStore } from '@rapport/read-models';

/** An event that a follower could not deal with, kept as a pointer: nothing of the event's content is copied. */
export interface ParkedEvent {
  /** `<follower>|<event id>` */
  readonly id: string;
  readonly tenant: string;
  readonly follower: string;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly type: string;
  readonly reason: string;
  readonly attempts: number;
  readonly parkedAt: string;
  readonly position: Position;
}

const declaration: CollectionDeclaration<ParkedEvent> = {
  name: 'parked_events',
  fields: { follower: 'text', type: 'text', parkedAt: 'time' },
  indexes: [['follower']],
};

/** The list of parked events of one service. */
export class ParkedEvents {
  private constructor(
    private readonly store: ReadModelStore,
    private readonly collection: Collection<ParkedEvent>,
  ) {}

  static async open(store: ReadModelStore): Promise<ParkedEvents> {
    return new ParkedEvents(store, await store.collection(declaration));
  }

  async park(follower: string, event: RecordedEvent, reason: string, attempts: number): Promise<void> {
    const { stream, revision, type, position } = event;
    const { tenant } = event.metadata;
    const id = `${follower}|${event.id}`;
    const parkedAt = new Date().toISOString();
    const document = { id, tenant, follower, stream, revision, eventId: event.id, type, reason, attempts, parkedAt, position };
    await this.store.write({ writes: [{ collection: this.collection as never, tenant, id, position, document }] });
  }

  async list(tenant: string, follower?: string): Promise<readonly ParkedEvent[]> {
    const filter = follower === undefined ? undefined : where('follower', '=', follower);
    const page = await this.collection.query(tenant, { limit: 1000, ...(filter ? { filter } : {}) });
    return page.documents;
  }

  /** The parked event itself, read again from its stream. @throws DomainError not-found */
  async event(events: EventStore, tenant: string, id: string): Promise<RecordedEvent> {
    const entry = await this.collection.get(tenant, id);
    if (entry) {
      for await (const event of events.read(entry.stream, { from: entry.revision, limit: 1 })) return event;
    }
    throw new DomainError('not-found', 'parked-event-not-found', `There is no parked event ${id}. List them first.`);
  }

  async remove(tenant: string, id: string): Promise<void> {
    const entry = await this.collection.get(tenant, id);
    if (!entry) return;
    // The next position in string order: a document only gives way to something newer.
    const position = `${entry.position}+`;
    await this.store.write({ writes: [{ collection: this.collection as never, tenant, id, position, document: null }] });
  }
}
