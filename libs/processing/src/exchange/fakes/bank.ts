import {
  externalAggregate,
  InMemoryBookkeeping,
  InMemoryEventStore,
  streamName,
  type Bookkeeping,
  type EventStore,
} from '@rapport/event-store';
import { idFrom, type NewEvent, type RecordedEvent } from '@rapport/kernel';
import { soleOwnership } from '../../ownership.js';
import { withheld, type Publishing } from '../../publishing.js';
import type { Exchange, Listener, Publication, Source } from '../exchange.js';
import { Inbox } from '../inbox.js';

/** A context whose accounts others hear of; what its staff notes down about one stays inside. */
export const publishing: Publishing = {
  context: 'bank',
  publishes: {
    AccountOpened: ({ data }: { data: object }) => ({ type: 'AccountOpened', data: { account: data } }),
    AccountDeposited: ({ data }: { data: object }) => ({ type: 'AccountDeposited', data }),
    AccountNoticed: withheld,
  },
};

export const TENANT = 'main';

let made = 0;

export const newEvent = (type: string, data: object = {}, metadata: Partial<NewEvent['metadata']> = {}): NewEvent => ({
  id: idFrom('bank event', (made += 1)),
  type,
  data,
  metadata: {
    tenant: TENANT,
    actor: { kind: 'user', id: 'ada' },
    correlationId: `correlation-${made}`,
    commandId: `command-${made}`,
    occurredAt: '2026-01-01T12:00:00.000Z',
    schemaVersion: 1,
    ...metadata,
  },
});

export const accountStream = (id: string): string => streamName('account', TENANT, id);
export const copyStream = (id: string, epoch = 0): string =>
  streamName(externalAggregate('bank', 'account', epoch), TENANT, id);

export const deposit = (amount: number): NewEvent => newEvent('AccountDeposited', { amount });

export const eventsOf = async (store: EventStore, stream: string): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const event of store.read(stream)) events.push(event);
  return events;
};

const failed: { readonly who: string; readonly failure: unknown }[] = [];
export const failures = failed;
const trouble = (who: string, failure: unknown): void => void failed.push({ who, failure });

/** A context that may be heard. */
export class Bank {
  readonly events = new InMemoryEventStore();
  readonly books = new InMemoryBookkeeping();
  epoch = 0;

  async write(id: string, ...events: readonly NewEvent[]): Promise<void> {
    await this.events.append(accountStream(id), events, 'any');
  }

  source(): Source {
    return {
      publishing,
      aggregates: ['account', 'card'],
      sealedEvents: this.events,
      books: this.books,
      ownership: soleOwnership(),
      epoch: async () => this.epoch,
      trouble,
    };
  }

  open(exchange: Exchange): Publication {
    const publication = exchange.publish(this.source());
    publication.relay?.start();
    return publication;
  }
}

/** A context that hears of the bank's accounts. */
export class Shop {
  private constructor(
    readonly inbox: Inbox,
    readonly listener: Listener,
  ) {}

  static async open(
    exchange: Exchange,
    { events, books }: { readonly events: EventStore; readonly books: Bookkeeping },
    aggregates: readonly string[] = ['account'],
    epoch = 0,
  ): Promise<Shop> {
    const inbox = new Inbox(events, books);
    await inbox.epochs.refresh();
    const own = { inbox, books, ownership: soleOwnership(), epoch: async () => epoch, trouble };
    const listening = { context: 'shop', from: 'bank', aggregates, ...own };
    const listener = exchange.listen(listening);
    await listener.start();
    return new Shop(inbox, listener);
  }
}
