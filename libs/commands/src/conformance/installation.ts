import { type EventStore, InMemoryBookkeeping, InMemoryEventStore, streamName } from '@rapport/event-store';
import { newId, type RecordedEvent, START } from '@rapport/kernel';
import { CachedKeyStore, InMemoryKeyStore, SealedEventStore } from '@rapport/privacy';
import { soleOwnership } from '@rapport/processing';
import type { CommandExchange } from '../command-exchange.js';
import { Bank, callBy, clock, TENANT, toOpen } from '../fakes/bank.js';
import { Shop } from '../fakes/shop.js';

/** The road under test, with nothing on it. */
export interface CommandRoad {
  /** As the named context has it: `shop`, `market` or `bank`. */
  exchangeOf(context: string): CommandExchange;
  /** Everything that lies on it for the bank, as anybody could read it; nothing where nothing lies anywhere. */
  lying(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A bank that is asked by a shop and a market. Each test has its own. */
export class Installation {
  readonly keys = new CachedKeyStore(new InMemoryKeyStore());
  readonly shop = new Shop(this.keys);
  readonly market = new Shop(this.keys, 'market');
  readonly bank: Bank;
  readonly refused: unknown[] = [];
  private road: CommandRoad | undefined;
  private readonly running: { stop(): Promise<void> }[] = [];

  constructor() {
    const stored = new InMemoryEventStore();
    this.bank = new Bank(new SealedEventStore(stored, this.keys, {}), stored);
    clock.set('2026-03-01T12:00:00.000Z');
  }

  open(road: CommandRoad): void {
    this.road = road;
  }

  /** What the shop asks is carried, from now on, or anew from the first request. */
  carry(shop = this.shop): void {
    shop.carriedBy(this.road!.exchangeOf(shop.name));
    this.running.push(shop);
  }

  /** The bank hears what it is asked. @param books what it remembers of what it has heard */
  async attend(books = new InMemoryBookkeeping()): Promise<void> {
    const { intake } = this.bank;
    const refused = (failure: unknown): void => void this.refused.push(failure);
    const attending = { intake, books, ownership: soleOwnership(), epoch: async () => 0, refused };
    const attendant = this.road!.exchangeOf('bank').attend(attending);
    await attendant.start();
    this.running.push(attendant);
  }

  /** Nobody carries or hears any more. */
  async pause(): Promise<void> {
    for (const part of this.running.splice(0).reverse()) await part.stop();
  }

  /** Resolves once a request that is asked now has been heard, and what lies before it in its order. */
  async heard(shop = this.shop): Promise<void> {
    const last = newId();
    await shop.requests.ask(last, toOpen('last'), callBy());
    await this.until(() => this.isThere(last));
  }

  async isThere(commandId: string): Promise<boolean> {
    return (await this.bank.read(streamName('command', TENANT, commandId))).length > 0;
  }

  lying(): Promise<readonly string[]> {
    return this.road!.lying();
  }

  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  async close(): Promise<void> {
    await this.pause();
    await this.road?.close();
  }
}

export const everything = async (store: EventStore): Promise<readonly RecordedEvent[]> => {
  const enough = new AbortController();
  const found: RecordedEvent[] = [];
  for await (const { events, caughtUp } of store.follow({ prefixes: [], after: START, signal: enough.signal })) {
    found.push(...events);
    if (caughtUp) enough.abort();
  }
  return found;
};
