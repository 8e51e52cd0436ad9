import type { EventStore } from '@rapport/event-store';
import { DomainError, type Position, type RecordedEvent } from '@rapport/kernel';
import { ATTRIBUTES, meter, METRICS } from '@rapport/observability';
import { where, type Collection, type CollectionDeclaration, type ReadModelStore } from '@rapport/read-models';
import { replaceDocument } from './standing-document.js';

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
  /** Tries in all, replays included. */
  readonly attempts: number;
  readonly parkedAt: string;
  readonly position: Position;
}

const declaration: CollectionDeclaration<ParkedEvent> = {
  name: 'parked_events',
  fields: { follower: 'text', type: 'text', parkedAt: 'time' },
  indexes: [['follower']],
};

const PAGE = 1_000;
const parkedEvents = meter.counter(METRICS.parked);

/** The list of parked events of one service. */
export class ParkedEvents {
  private constructor(
    private readonly store: ReadModelStore,
    private readonly collection: Collection<ParkedEvent>,
  ) {}

  static async open(store: ReadModelStore): Promise<ParkedEvents> {
    return new ParkedEvents(store, await store.collection(declaration));
  }

  /** Puts an event on the list; one that is there already gets the new reason and the further attempts. */
  async park(follower: string, event: RecordedEvent, reason: string, attempts: number): Promise<void> {
    const { stream, revision, type, position } = event;
    const { tenant } = event.metadata;
    const id = `${follower}|${event.id}`;
    const parkedAt = new Date().toISOString();
    await replaceDocument(this.store, this.collection, { tenant, id }, (known) => {
      const tries = attempts + (known?.attempts ?? 0);
      return {
        id,
        tenant,
        follower,
        stream,
        revision,
        eventId: event.id,
        type,
        reason,
        attempts: tries,
        parkedAt,
        position,
      };
    });
    parkedEvents.add(1, { [ATTRIBUTES.follower]: follower });
  }

  /** All of a tenant's, or those of one follower. */
  async list(tenant: string, follower?: string): Promise<readonly ParkedEvent[]> {
    const filter = follower === undefined ? {} : { filter: where('follower', '=', follower) };
    const found: ParkedEvent[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await this.collection.query(tenant, { limit: PAGE, ...filter, ...(cursor ? { cursor } : {}) });
      found.push(...page.documents);
      if (page.next === undefined) return found;
      cursor = page.next;
    }
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
    await replaceDocument(this.store, this.collection, { tenant, id }, () => null);
  }
}
