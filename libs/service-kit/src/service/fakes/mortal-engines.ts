import {
  InMemoryBookkeeping,
  InMemoryEventStore,
  type Bookkeeping,
  type Change,
  type Entry,
  type EntryKey,
  type EventStore,
  type ExpectedRevision,
} from '@rapport/event-store';
import { type CommandExchange, FactsCommandExchange } from '@rapport/commands';
import { systemClock, type NewEvent, type Position } from '@rapport/kernel';
import { silentLogger } from '@rapport/observability';
import { CachedKeyStore, InMemoryKeyStore } from '@rapport/privacy';
import { monotonic, soleOwnership, type Exchange } from '@rapport/processing';
import { InMemoryReadModelStore } from '@rapport/read-models';
import type { Engines } from '../../engines.js';

/** A process that dies at its n-th write, having done it or not: afterwards nothing of it is written any more. */
export class Life {
  writes = 0;
  dead = false;

  constructor(
    private readonly last = Infinity,
    private readonly lastIsDone = false,
  ) {}

  async write<T>(work: () => Promise<T>): Promise<T> {
    if (this.dead) throw gone();
    this.writes += 1;
    if (this.writes < this.last) return work();
    this.dead = true;
    if (this.lastIsDone) await work();
    throw gone();
  }
}

const gone = (): Error => new Error('The process is gone.');

/** What outlives a process. */
export interface Disk {
  readonly events: InMemoryEventStore;
  readonly books: InMemoryBookkeeping;
}

export const emptyDisk = (): Disk => ({ events: new InMemoryEventStore(), books: new InMemoryBookkeeping() });

/** Engines over what is on the disk, for one life. Views are thrown away with it. */
export const enginesOf = (
  disk: Disk,
  life: Life,
  exchange: Exchange,
  commands: CommandExchange = new FactsCommandExchange(),
): Engines => ({
  events: mortalEvents(disk.events, life),
  books: mortalBooks(disk.books, life),
  readModels: new InMemoryReadModelStore(),
  keys: new CachedKeyStore(new InMemoryKeyStore()),
  exchange,
  commands,
  files: undefined as never,
  ownership: soleOwnership(),
  clock: systemClock,
  ticks: monotonic,
  logger: silentLogger,
  telemetry: undefined as never,
});

const mortalEvents = (events: EventStore, life: Life): EventStore => ({
  append: (stream: string, news: readonly NewEvent[], expected: ExpectedRevision) =>
    life.write(() => events.append(stream, news, expected)),
  read: (...given) => events.read(...given),
  follow: (options) => events.follow(options),
  end: () => events.end(),
  lacks: (position) => events.lacks(position),
  removeTenant: (...given) => events.removeTenant(...given),
  close: async () => undefined,
});

const mortalBooks = (books: Bookkeeping, life: Life): Bookkeeping => ({
  checkpoint: (follower) => books.checkpoint(follower),
  saveCheckpoint: (follower: string, position: Position) => life.write(() => books.saveCheckpoint(follower, position)),
  entries: (list, tenant) => books.entries(list, tenant),
  entry: (list, key) => books.entry(list, key),
  change: <E extends Entry>(list: string, key: EntryKey, change: Change<E>) =>
    life.write(() => books.change(list, key, change)),
});
