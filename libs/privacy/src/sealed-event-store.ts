import type { KeyObject } from 'node:crypto';
import type { NewEvent, Position, RecordedEvent } from '@rapport/kernel';
import {
  type Appended,
  type EventStore,
  type ExpectedRevision,
  type FollowOptions,
  type Page,
  partsOf,
  type ReadOptions,
  type RemovedStreams,
} from '@rapport/event-store';
import type { CachedKeyStore } from './cached-key-store.js';
import { KeyDestroyed, type Subject } from './key-store.js';
import {
  byName,
  type FieldsByName,
  idsOf,
  partPersonal,
  peopleOf,
  type PersonalFields,
  type PersonNamed,
} from './personal-fields.js';
import { isSealed, type Keys, openedEvent, sealedEvent, type SealedEvent, subjectsOf } from './sealed-event.js';

/**
 * An event store that never sees personal data: the personal fields of an event are taken out of its data, encrypted into
 * `metadata.sealed` with the key of whom they are about, and put back on reading. Once the key is destroyed they are absent
 * and `metadata.erased` is true.
 *
 * A field is about the stream's own record, or about the person whose id another field holds: beside it in the data, else in
 * the event's `about`. What is about several is there for as long as the keys of all of them are.
 *
 * Streams of aggregates that declare nothing pass through as they are; an aggregate that ever declared fields keeps
 * being declared, if only with an empty list.
 */
export class SealedEventStore implements EventStore {
  readonly #personal: ReadonlyMap<string, FieldsByName>;

  constructor(
    private readonly store: EventStore,
    private readonly keys: CachedKeyStore,
    personal: PersonalFields,
  ) {
    this.#personal = new Map(Object.entries(personal).map(([aggregate, fields]) => [aggregate, byName(fields)]));
  }

  /**
   * What is about somebody else who was erased is left out, which the answer then tells.
   * @throws KeyDestroyed when personal fields are added to an erased record
   */
  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    const fields = this.#fieldsOf(stream);
    if (!fields) return this.store.append(stream, events.map(unmarked), expected);
    const own = partsOf(stream);
    const parted = events.map((event) => partPersonal(event.data, fields, own.id, namedIn(event), event.inClear));
    if (!parted.some(Boolean)) return this.store.append(stream, events.map(unmarked), expected);
    const subjects = new Set(parted.flatMap((each) => (each ? [...each.personal.keys()].flatMap(idsOf) : [])));
    // Whoever's keys are in memory does not wait.
    const keys = this.#knownKeys(own.tenant, subjects) ?? (await this.#keysOf(own, subjects, expected === 'no-stream'));
    const sealed = events.map((event, n) =>
      parted[n] ? sealedEvent(stream, event, parted[n], keys) : { stored: unmarked(event) },
    );
    const appended = await this.store.append(
      stream,
      sealed.map(({ stored }) => stored),
      expected,
    );
    if (!sealed.some(({ kept }) => kept)) return appended;
    return { ...appended, kept: events.map((event, n) => sealed[n]!.kept ?? event) };
  }

  read(stream: string, options?: ReadOptions): AsyncIterable<RecordedEvent> {
    const events = this.store.read(stream, options);
    // A copy of another context's event lies in a stream that nothing is declared for.
    return this.#openAll(events);
  }

  async *follow(options: FollowOptions): AsyncGenerator<Page, void, undefined> {
    for await (const page of this.store.follow(options)) {
      yield page.events.some(isSealed) ? { ...page, events: await this.#openEach(page.events) } : page;
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

  #fieldsOf(stream: string): FieldsByName | undefined {
    return this.#personal.get(stream.slice(0, stream.indexOf('-')));
  }

  /** Keys that can be used at once; undefined unless all are in memory. */
  #knownKeys(tenant: string, subjects: ReadonlySet<string>): Keys | undefined {
    const keys = new Map<string, KeyObject>();
    for (const id of subjects) {
      const known = this.keys.cached({ tenant, id });
      if (known === undefined || known === 'destroyed') return undefined;
      keys.set(id, known);
    }
    return keys;
  }

  /** @param isNew whether the record itself should have no key yet */
  async #keysOf(own: Subject, subjects: ReadonlySet<string>, isNew: boolean): Promise<Keys> {
    const keys = new Map<string, KeyObject | 'destroyed'>();
    for (const id of subjects) {
      keys.set(id, await this.#keyToSeal({ tenant: own.tenant, id }, id === own.id, isNew));
    }
    return keys;
  }

  async #keyToSeal(subject: Subject, isOwn: boolean, isNew: boolean): Promise<KeyObject | 'destroyed'> {
    try {
      return await this.keys.toSeal(subject, isOwn && isNew);
    } catch (failure) {
      if (failure instanceof KeyDestroyed && !isOwn) return 'destroyed';
      throw failure;
    }
  }

  async *#openAll(events: AsyncIterable<RecordedEvent>): AsyncGenerator<RecordedEvent, void, undefined> {
    for await (const event of events) yield isSealed(event) ? await this.#opened(event) : event;
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
      let keys = this.#keysToOpen(event);
      if (keys === undefined && !fetched) {
        await this.keys.fetch(events.filter(isSealed).flatMap(subjectsOf));
        fetched = true;
        keys = this.#keysToOpen(event);
      }
      opened.push(keys === undefined ? await this.#opened(event) : openedEvent(event, keys));
    }
    return opened;
  }

  async #opened(event: SealedEvent): Promise<RecordedEvent> {
    const known = this.#keysToOpen(event);
    if (known !== undefined) return openedEvent(event, known);
    const keys: (KeyObject | 'destroyed')[] = [];
    for (const subject of subjectsOf(event)) keys.push(await this.keys.toOpen(subject));
    return openedEvent(event, keys);
  }

  /** Undefined unless all are in memory. */
  #keysToOpen(event: SealedEvent): readonly (KeyObject | 'destroyed')[] | undefined {
    const keys: (KeyObject | 'destroyed')[] = [];
    for (const subject of subjectsOf(event)) {
      const known = this.keys.cached(subject);
      if (known === undefined) return undefined;
      keys.push(known);
    }
    return keys;
  }
}

const namedIn =
  ({ about = {} }: NewEvent): PersonNamed =>
  (field, beside) => {
    const named = (beside as Record<string, unknown>)[field] ?? about[field];
    const ids = (Array.isArray(named) ? named : [named]).filter((id) => typeof id === 'string' && id !== '');
    return ids.length === 0 ? undefined : peopleOf(ids);
  };

/** Without what only sealing needs to know. */
const unmarked = (event: NewEvent): NewEvent => {
  if (event.about === undefined && event.inClear === undefined) return event;
  const { about: _, inClear: __, ...rest } = event;
  return rest;
};
