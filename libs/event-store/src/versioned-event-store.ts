import {
  DomainError,
  type EventCatalogue,
  type NewEvent,
  type Position,
  type RecordedEvent,
  upcast,
  versionOf,
} from '@rapport/kernel';
import type {
  Appended,
  EventStore,
  ExpectedRevision,
  FollowOptions,
  Page,
  ReadOptions,
  RemovedStreams,
} from './event-store.js';

/** An aggregate whose events this program knows. A decider is one. */
export interface KnownAggregate {
  readonly aggregate: string;
  readonly events: EventCatalogue;
}

/**
 * Where stored events become those of today: whoever reads through it never meets an older version. What a newer program
 * has stored is refused before anybody folds it, so that no view and no decision leaves it out silently.
 *
 * Streams of aggregates that are not named pass as they are: they are another context's, or another program's.
 */
export class VersionedEventStore implements EventStore {
  readonly #catalogues: ReadonlyMap<string, EventCatalogue>;

  constructor(
    private readonly store: EventStore,
    known: readonly KnownAggregate[],
  ) {
    this.#catalogues = new Map(known.map(({ aggregate, events }) => [aggregate, events]));
  }

  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    return this.store.append(stream, events, expected);
  }

  async *read(stream: string, options?: ReadOptions): AsyncGenerator<RecordedEvent, void, undefined> {
    for await (const event of this.store.read(stream, options)) {
      const today = this.#today(event);
      if (today instanceof DomainError) throw today;
      yield today;
    }
  }

  async *follow(options: FollowOptions): AsyncGenerator<Page, void, undefined> {
    for await (const page of this.store.follow(options)) {
      const { today, refusal } = this.#todayPage(page);
      if (today.events.length > 0 || !refusal) yield today;
      if (refusal) throw refusal;
    }
  }

  end(): Promise<Position> {
    return this.store.end();
  }

  lacks(position: Position): Promise<boolean> {
    return this.store.lacks(position);
  }

  removeTenant(tenant: string, kept: readonly string[]): Promise<RemovedStreams> {
    return this.store.removeTenant(tenant, kept);
  }

  close(): Promise<void> {
    return this.store.close();
  }

  /** Almost always the page itself; up to an event that is refused where there is one. */
  #todayPage(page: Page): { readonly today: Page; readonly refusal?: DomainError } {
    let changed: RecordedEvent[] | undefined;
    for (const [n, event] of page.events.entries()) {
      const today = this.#today(event);
      if (today instanceof DomainError) {
        const events = (changed ?? page.events).slice(0, n);
        const position = events.at(-1)?.position ?? page.position;
        return { today: { ...page, events, position, caughtUp: false }, refusal: today };
      }
      if (today !== event) (changed ??= [...page.events])[n] = today;
    }
    return { today: changed ? { ...page, events: changed } : page };
  }

  #today(event: RecordedEvent): RecordedEvent | DomainError {
    const catalogue = this.#catalogues.get(event.stream.slice(0, event.stream.indexOf('-')));
    if (catalogue === undefined) return event;
    const upcasts = Object.hasOwn(catalogue, event.type) ? catalogue[event.type] : undefined;
    const { schemaVersion: stored } = event.metadata;
    if (upcasts === undefined || stored > upcasts.length + 1) return newer(event, catalogue);
    if (stored === upcasts.length + 1) return event;
    const metadata = { ...event.metadata, schemaVersion: upcasts.length + 1 };
    return { ...event, data: upcast(upcasts, stored, event.data), metadata };
  }
}

const newer = ({ type, metadata }: RecordedEvent, catalogue: EventCatalogue): DomainError => {
  const known = Object.hasOwn(catalogue, type) ? `up to version ${versionOf(catalogue, type)}` : 'no such event';
  return new DomainError(
    'unavailable',
    'newer-event',
    `A newer Rapport has stored ${type} of version ${metadata.schemaVersion} here; this one knows ${known}. ` +
      'Start the newer one again, or restore the backup from before it ran.',
  );
};
