import { openEventStoreDb } from '@rapport/eventstoredb';
import { type EventStore, partsOf } from '@rapport/event-store';
import { type NewEvent, type RecordedEvent, START } from '@rapport/kernel';
import type { ProcessAssembly } from '../journeys/support/processes/process-assembly.js';

/** What one context has stored, looked at past the platform. */
export class ContextFacts {
  private readonly store: EventStore;

  constructor({ settings }: ProcessAssembly, context: string) {
    const namespace = `${settings['RAPPORT_NAMESPACE']}_${context}`;
    this.store = openEventStoreDb({ url: settings['EVENTSTOREDB_URL']!, namespace });
  }

  /** Resolves once an event of this type is stored after this call has settled; the promise within is what waits. */
  async next(aggregate: string, type: string): Promise<{ readonly seen: Promise<void> }> {
    const after = await this.store.end();
    return { seen: this.find(after, aggregate, type) };
  }

  /** Every stream, or those of an aggregate, with its events. */
  async streams(aggregate?: string): Promise<ReadonlyMap<string, readonly RecordedEvent[]>> {
    const streams = new Map<string, RecordedEvent[]>();
    const leaving = new AbortController();
    for await (const { events, caughtUp } of this.store.follow({
      prefixes: [],
      after: START,
      signal: leaving.signal,
    })) {
      for (const event of events) {
        if (aggregate !== undefined && partsOf(event.stream).aggregate !== aggregate) continue;
        streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
      }
      if (caughtUp) leaving.abort();
    }
    return streams;
  }

  /** How often there is which history of an aggregate's records, or of those that begin in a certain way. */
  async histories(
    aggregate: string,
    isMeant: (first: RecordedEvent) => boolean = () => true,
  ): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    for (const events of (await this.streams(aggregate)).values()) {
      if (!isMeant(events[0]!)) continue;
      const history = events.map(({ type }) => type).join(', ');
      counts[history] = (counts[history] ?? 0) + 1;
    }
    return counts;
  }

  async write(stream: string, event: NewEvent): Promise<void> {
    await this.store.append(stream, [event], 'no-stream');
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private async find(after: string, aggregate: string, type: string): Promise<void> {
    const leaving = new AbortController();
    const prefixes = [`${aggregate}-`];
    for await (const { events } of this.store.follow({ prefixes, after, signal: leaving.signal }))
      if (events.some((event) => event.type === type)) leaving.abort();
  }
}
