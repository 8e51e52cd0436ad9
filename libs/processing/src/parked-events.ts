import type { Bookkeeping, Entry, EventStore } from '@rapport/event-store';
import { DomainError, type Position, type RecordedEvent } from '@rapport/kernel';
import { ATTRIBUTES, meter, METRICS } from '@rapport/observability';
import { checkScope, visible, type FieldType, type Scope } from '@rapport/read-models';

/** An event that a follower could not deal with, kept as a pointer: nothing of the event's content is copied. */
export interface ParkedEvent extends Entry {
  /** `<follower>|<event id>` */
  readonly id: string;
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

/** The list in a service's books. */
export const PARKED_EVENTS = 'parked';

/** What a scope's rows may speak of. */
const FIELDS: Readonly<Record<string, FieldType>> = { follower: 'text', type: 'text', parkedAt: 'time' };

const parkedEvents = meter.counter(METRICS.parked);

/** The list of parked events of one service. */
export class ParkedEvents {
  constructor(private readonly books: Bookkeeping) {}

  /** Puts an event on the list; one that is there already gets the new reason and the further attempts. */
  async park(follower: string, event: RecordedEvent, reason: string, attempts: number): Promise<void> {
    const { stream, revision, type, position, id: eventId } = event;
    const { tenant } = event.metadata;
    const id = `${follower}|${eventId}`;
    const place = { id, tenant, follower, stream, revision, eventId, type };
    const parkedAt = new Date().toISOString();
    await this.books.change<ParkedEvent>(PARKED_EVENTS, { tenant, id }, (known) => ({
      ...place,
      reason,
      attempts: attempts + (known?.attempts ?? 0),
      parkedAt,
      position,
    }));
    parkedEvents.add(1, { [ATTRIBUTES.follower]: follower });
  }

  /** All in sight, or those of one follower. */
  async list(scope: Scope, follower?: string): Promise<readonly ParkedEvent[]> {
    const all = await this.books.entries<ParkedEvent>(PARKED_EVENTS, checkScope(scope).tenant);
    const seen = all.flatMap((entry) => visible(scope, { fields: FIELDS }, entry) ?? []);
    return follower === undefined ? seen : seen.filter((entry) => entry.follower === follower);
  }

  /** The parked event itself, read again from its stream. @throws DomainError not-found */
  async event(events: EventStore, scope: Scope, id: string): Promise<RecordedEvent> {
    const { tenant } = checkScope(scope);
    const entry = visible(
      scope,
      { fields: FIELDS },
      await this.books.entry<ParkedEvent>(PARKED_EVENTS, { tenant, id }),
    );
    if (entry) {
      for await (const event of events.read(entry.stream, { from: entry.revision, limit: 1 })) return event;
    }
    throw new DomainError('not-found', 'parked-event-not-found', `There is no parked event ${id}. List them first.`);
  }

  remove(tenant: string, id: string): Promise<void> {
    return this.books.change(PARKED_EVENTS, { tenant, id }, () => undefined);
  }
}
