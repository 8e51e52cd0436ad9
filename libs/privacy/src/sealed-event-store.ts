import type { KeyObject } from 'node:crypto';
import type { EventMetadata, NewEvent, RecordedEvent } from '@rapport/kernel';
import {
  type Appended,
  type EventStore,
  type ExpectedRevision,
  type FollowOptions,
  type Page,
  partsOf,
  type ReadOptions,
} from '@rapport/event-store';
import type { CachedKeyStore } from './cached-key-store.js';
import { joinPersonal, partPersonal, type Parted, type PersonalFields } from './personal-fields.js';
import { open, seal } from './sealing.js';

/**
 * An event store that never sees personal data: the personal fields of an event are taken out of its data, encrypted
 * with the key of the stream's subject into `metadata.sealed`, and put back on reading. Once the key is destroyed they
 * are absent and `metadata.erased` is true.
 *
 * Streams of aggregates that declare nothing pass through as they are; an aggregate that ever declared fields keeps
 * being declared, if only with an empty list.
 */
export class SealedEventStore implements EventStore {
  readonly #personal: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(
    private readonly store: EventStore,
    private readonly keys: CachedKeyStore,
    personal: PersonalFields,
  ) {
    this.#personal = new Map(Object.entries(personal).map(([aggregate, names]) => [aggregate, new Set(names)]));
  }

  /** @throws KeyDestroyed when personal fields are added to an erased subject */
  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    const names = this.#namesOf(stream);
    if (!names) return this.store.append(stream, events, expected);
    const parted = events.map(({ data }) => partPersonal(data, names));
    if (!parted.some(Boolean)) return this.store.append(stream, events, expected);
    const subject = partsOf(stream);
    const known = this.keys.cached(subject);
    const key = known && known !== 'destroyed' ? known : await this.keys.toSeal(subject, expected === 'no-stream');
    const sealed = events.map((event, n) => sealedEvent(stream, event, parted[n], key));
    return this.store.append(stream, sealed, expected);
  }

  read(stream: string, options?: ReadOptions): AsyncIterable<RecordedEvent> {
    const events = this.store.read(stream, options);
    return this.#namesOf(stream) ? this.#openAll(events) : events;
  }

  async *follow(options: FollowOptions): AsyncGenerator<Page, void, undefined> {
    for await (const page of this.store.follow(options)) {
      yield page.events.some(isSealed) ? { ...page, events: await this.#openEach(page.events) } : page;
    }
  }

  close(): Promise<void> {
    return this.store.close();
  }

  #namesOf(stream: string): ReadonlySet<string> | undefined {
    return this.#personal.get(stream.slice(0, stream.indexOf('-')));
  }

  async *#openAll(events: AsyncIterable<RecordedEvent>): AsyncGenerator<RecordedEvent, void, undefined> {
    for await (const event of events) {
      if (!isSealed(event)) yield event;
      else yield openedEvent(event, this.#knownKey(event) ?? (await this.keys.toOpen(partsOf(event.stream))));
    }
  }

  /** Awaits only for keys that are not in memory, and at the first of them asks for all of the page. */
  async #openEach(events: readonly RecordedEvent[]): Promise<RecordedEvent[]> {
    const opened: RecordedEvent[] = [];
    let fetched = false;
    for (const event of events) {
      if (!isSealed(event)) {
        opened.push(event);
        continue;
      }
      let key = this.#knownKey(event);
      if (key === undefined && !fetched) {
        await this.keys.fetch(events.filter(isSealed).map(({ stream }) => partsOf(stream)));
        fetched = true;
      }
      key ??= await this.keys.toOpen(partsOf(event.stream));
      opened.push(openedEvent(event, key));
    }
    return opened;
  }

  #knownKey(event: RecordedEvent): KeyObject | 'destroyed' | undefined {
    return this.keys.cached(partsOf(event.stream));
  }
}

type SealedEvent = RecordedEvent & { readonly metadata: { readonly sealed: string } };

const isSealed = (event: RecordedEvent): event is SealedEvent => event.metadata.sealed !== undefined;

const contextOf = (stream: string, eventId: string): string => `event ${eventId} of ${stream}`;

const sealedEvent = (stream: string, event: NewEvent, parted: Parted | undefined, key: KeyObject): NewEvent => {
  if (!parted) return event;
  const sealed = seal(parted.personal, key, contextOf(stream, event.id));
  return { id: event.id, type: event.type, data: parted.open, metadata: { ...event.metadata, sealed } };
};

const openedEvent = (event: SealedEvent, key: KeyObject | 'destroyed'): RecordedEvent => {
  const { sealed, ...metadata } = event.metadata;
  if (key === 'destroyed') return { ...event, metadata: { ...(metadata as EventMetadata), erased: true } };
  const data = joinPersonal(event.data, open(sealed, key, contextOf(event.stream, event.id)));
  return { ...event, data, metadata: metadata };
};
