import { InMemoryBookkeeping, InMemoryEventStore } from '@rapport/event-store';
import { type CachedKeyStore, SealedEventStore } from '@rapport/privacy';
import { soleOwnership } from '@rapport/processing';
import type { CommandExchange } from '../command-exchange.js';
import { personalInRequests } from '../request.js';
import { Requests } from '../requests.js';
import { runStepOn } from './run-step-on.js';

/** A context that asks the bank. */
export class Shop {
  readonly stored = new InMemoryEventStore();
  readonly events: SealedEventStore;
  readonly requests: Requests;
  private carrying: { stop(): Promise<void> } | undefined;

  constructor(
    keys: CachedKeyStore,
    readonly name = 'shop',
  ) {
    this.events = new SealedEventStore(this.stored, keys, { request: personalInRequests });
    this.requests = new Requests(this.stored, runStepOn(this.events));
  }

  /** @param books what it remembers of what was carried before; by default nothing, so that everything is carried again */
  carriedBy(exchange: CommandExchange, books = new InMemoryBookkeeping()): void {
    const { stored: sealedEvents, name } = this;
    const { relay } = exchange.carry({ context: name, sealedEvents, books, ownership: soleOwnership() });
    relay?.start();
    this.carrying = relay;
  }

  async stop(): Promise<void> {
    await this.carrying?.stop();
  }
}
