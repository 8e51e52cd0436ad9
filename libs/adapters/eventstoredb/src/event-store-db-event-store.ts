import { type NewEvent, type Position, type RecordedEvent, START } from '@rapport/kernel';
import {
  type Appended,
  type Bookkeeping,
  decideAppend,
  type EventStore,
  type ExpectedRevision,
  type FollowOptions,
  type Page,
  type ReadOptions,
  type RemovedStreams,
} from '@rapport/event-store';
import { Appender } from './appender.js';
import { BookStreams } from './book-streams.js';
import { Connection } from './connection.js';
import { openClient } from './connection-string.js';
import { encodedEvents } from './encoded-event.js';
import { EventStoreDbBookkeeping } from './event-store-db-bookkeeping.js';
import type { EventStoreDbOptions } from './event-store-db-options.js';
import type { EventStoreDbParts } from './event-store-db-parts.js';
import { Follower } from './follower.js';
import { LogEnd } from './log-end.js';
import { Namespace } from './namespace.js';
import { removeStreams } from './removed-streams.js';
import { proveRights } from './rights.js';
import { StreamReader } from './stream-reader.js';
import { closedStore, within } from './waiting.js';

const APPEND_TIMEOUT = 10_000;
const VERSION_TIMEOUT = 5_000;

/** EventStoreDB or KurrentDB. Connects when it is first asked for something, and again for as long as it is open. */
export class EventStoreDbEventStore implements EventStore {
  readonly #closing = new AbortController();
  readonly #parts: EventStoreDbParts;
  readonly #appender: Appender;
  readonly #logEnd: LogEnd;
  /** What followers remember beside these events. */
  readonly bookkeeping: Bookkeeping;

  constructor(options: EventStoreDbOptions) {
    const connection = (): Connection => new Connection(() => openClient(options));
    const closing = this.#closing.signal;
    const { appendTimeoutMilliseconds: milliseconds = APPEND_TIMEOUT, trouble } = options;
    const namespace = Namespace.of(options.namespace);
    this.#parts = { commands: connection(), followers: connection(), namespace, closing, trouble };
    this.#appender = new Appender(this.#parts.commands, { milliseconds, closing, trouble });
    this.#logEnd = new LogEnd(this.#parts);
    const books = new BookStreams({ ...this.#parts, namespace: namespace.books }, this.#appender);
    this.bookkeeping = new EventStoreDbBookkeeping(books);
  }

  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    this.#refuseWhenClosed();
    if (events.length === 0) return this.#appendNothing(stream, expected);
    const name = this.#parts.namespace.outside(stream);
    return this.#appender.append({ stream, name, events: encodedEvents(events), expected });
  }

  async *read(stream: string, options: ReadOptions = {}): AsyncGenerator<RecordedEvent, void, undefined> {
    this.#refuseWhenClosed();
    yield* new StreamReader(this.#parts, stream, options).events();
  }

  follow(options: FollowOptions): AsyncGenerator<Page, void, undefined> {
    return new Follower(this.#parts, options).pages();
  }

  async end(): Promise<Position> {
    this.#refuseWhenClosed();
    return this.#logEnd.find();
  }

  async lacks(position: Position): Promise<boolean> {
    this.#refuseWhenClosed();
    return this.#logEnd.isBefore(position);
  }

  async removeTenant(tenant: string, kept: readonly string[]): Promise<RemovedStreams> {
    this.#refuseWhenClosed();
    return removeStreams(this.#parts, tenant, kept);
  }

  /**
   * Resolves when the server answers and allows everything that a service needs. Asks once.
   * @throws AccessRefused naming the missing right | StoreUnavailable with the reason
   */
  proveRights(): Promise<void> {
    return proveRights(this.#parts);
  }

  /** As the server calls itself: `24.10.4`. @throws when it cannot be asked */
  async serverVersion(): Promise<string> {
    const link = this.#parts.commands.take();
    try {
      return (await within(VERSION_TIMEOUT, link.features())).serverVersion;
    } catch (failure) {
      this.#parts.commands.replace(link);
      throw failure;
    } finally {
      this.#parts.commands.release(link);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#parts.commands.close(), this.#parts.followers.close()]);
  }

  /** The server would write an empty record. */
  async #appendNothing(stream: string, expected: ExpectedRevision): Promise<Appended> {
    let revision = -1;
    for await (const last of this.read(stream, { direction: 'backwards', limit: 1 })) revision = last.revision;
    decideAppend({ stream, events: [], expected }, revision, () => undefined);
    return { revision, position: START };
  }

  #refuseWhenClosed(): void {
    if (this.#closing.signal.aborted) throw closedStore();
  }
}
