import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import {
  externalAggregate,
  InMemoryBookkeeping,
  InMemoryEventStore,
  MAX_EVENT_BYTES,
  prefixOf,
  StoreUnavailable,
  streamName,
} from '@rapport/event-store';
import { START, type NewEvent, type RecordedEvent } from '@rapport/kernel';
import { InMemoryMessageBus } from '@rapport/message-bus';
import { until } from '../fakes/contents.js';
import { busExchange } from './bus-exchange.js';
import type { Exchange, Publication } from './exchange.js';
import { UNREADABLE, WITHHELD } from './external-event.js';
import { accountStream, Bank, copyStream, deposit, eventsOf, failures, newEvent, Shop, TENANT } from './fakes/bank.js';
import { FactsExchange } from './facts-exchange.js';

/** A store that is away for a while. */
class AwayStore extends InMemoryEventStore {
  away = false;
  refused = 0;

  override async append(...given: Parameters<InMemoryEventStore['append']>) {
    if (this.away) {
      this.refused += 1;
      throw new StoreUnavailable('The store is away.');
    }
    return super.append(...given);
  }
}

interface Road {
  readonly exchange: Exchange;
  close(): Promise<void>;
}

const roads: readonly (readonly [string, () => Road])[] = [
  [
    'over the bus',
    () => {
      const bus = new InMemoryMessageBus();
      return { exchange: busExchange(bus), close: () => bus.close() };
    },
  ],
  ['from the facts', () => ({ exchange: new FactsExchange(), close: async () => undefined })],
];

describe.each(roads)('what is heard %s', (_, open) => {
  let road: Road;
  let bank: Bank;
  let own: { events: AwayStore; books: InMemoryBookkeeping };
  let publication: Publication;
  let shops: Shop[];
  beforeEach(() => {
    road = open();
    bank = new Bank();
    own = { events: new AwayStore(), books: new InMemoryBookkeeping() };
    shops = [];
    failures.splice(0);
    publication = bank.open(road.exchange);
  });
  afterEach(async () => {
    own.events.away = false;
    await Promise.all(shops.map(({ listener }) => listener.stop()));
    await publication.relay?.stop();
    await road.close();
  });

  const shop = async (aggregates?: readonly string[]): Promise<Shop> => {
    const opened = await Shop.open(road.exchange, own, aggregates);
    shops.push(opened);
    return opened;
  };
  const close = async (opened: Shop): Promise<void> => {
    shops.splice(shops.indexOf(opened), 1);
    await opened.listener.stop();
  };
  const heardBy = async ({ listener }: Shop): Promise<void> => {
    await publication.reach(await bank.events.end(), 10_000);
    await listener.caughtUp();
  };
  const copies = (id = 'a1'): Promise<readonly RecordedEvent[]> => eventsOf(own.events, copyStream(id));
  const stored = async (): Promise<number> => {
    let events = 0;
    for await (const page of own.events.follow({ prefixes: [], after: START, signal: new AbortController().signal })) {
      events += page.events.length;
      if (page.caughtUp) break;
    }
    return events;
  };

  it('is every revision of a record, from the first one on, in its own place, under the source’s id', async () => {
    await bank.write('a1', newEvent('AccountOpened', { branch: 'north' }), deposit(10));
    const hearing = await shop();
    await bank.write('a1', newEvent('AccountNoticed', { note: 'drinks' }), deposit(20));
    await bank.write('a2', newEvent('AccountOpened', { branch: 'south' }));
    await heardBy(hearing);
    const source = await eventsOf(bank.events, accountStream('a1'));
    const copied = await copies();
    expect(copied.map(({ id, revision }) => [id, revision])).toEqual(source.map(({ id, revision }) => [id, revision]));
    expect(copied.map(({ type, data }) => [type, data])).toEqual([
      ['AccountOpened', { account: { branch: 'north' } }],
      ['AccountDeposited', { amount: 10 }],
      [WITHHELD, {}],
      ['AccountDeposited', { amount: 20 }],
    ]);
    expect(await copies('a2')).toHaveLength(1);
  });

  it('has the circumstances of the event at its source', async () => {
    const sealed = [{ subject: 'ada', origin: 'note-main-n1', text: 'secret' }];
    const more = { causationId: 'cause', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, schemaVersion: 3 };
    await bank.write(
      'a1',
      newEvent('AccountOpened', {}, { ...more, sealed }),
      newEvent('AccountOpened', {}, { sealed: 'x' }),
    );
    const hearing = await shop();
    await heardBy(hearing);
    const [[first, second], [source]] = [await copies(), await eventsOf(bank.events, accountStream('a1'))];
    expect(first!.metadata).toEqual({ ...source!.metadata, commandId: source!.id });
    // What was about the stream's own record opens in another stream only when it is said which that was.
    expect(second!.metadata.sealed).toEqual([{ subject: 'a1', origin: accountStream('a1'), text: 'x' }]);
  });

  it('is no copy of records that nobody listens to', async () => {
    await bank.events.append(streamName('card', TENANT, 'c1'), [newEvent('AccountOpened')], 'any');
    await bank.events.append(streamName('import', TENANT, 'i1'), [newEvent('AccountOpened')], 'any');
    const hearing = await shop();
    await heardBy(hearing);
    expect(await stored()).toBe(0);
  });

  it('is heard from the first event on when more is listened to, and nothing lies there twice', async () => {
    await bank.write('a1', newEvent('AccountOpened'), deposit(1));
    await bank.events.append(streamName('card', TENANT, 'c1'), [newEvent('AccountOpened')], 'any');
    const first = await shop();
    await heardBy(first);
    await close(first);
    const second = await shop(['card', 'account']);
    await heardBy(second);
    expect(await copies()).toHaveLength(2);
    expect(await eventsOf(own.events, streamName(externalAggregate('bank', 'card'), TENANT, 'c1'))).toHaveLength(1);
    expect(await stored()).toBe(3);
  });

  it('goes on where it was after a restart, and is no news when it begins again', async () => {
    await bank.write('a1', newEvent('AccountOpened'), deposit(1));
    const first = await shop();
    await heardBy(first);
    await close(first);
    await bank.write('a1', deposit(2));
    const second = await shop();
    await heardBy(second);
    await close(second);
    own.books = new InMemoryBookkeeping();
    const third = await shop();
    await heardBy(third);
    expect(await copies()).toHaveLength(3);
    expect(await third.inbox.broken.list(everythingOf(TENANT))).toEqual([]);
  });

  it('waits for a store that is away, for as long as it takes, and nothing is lost', async () => {
    const hearing = await shop();
    own.events.away = true;
    await bank.write('a1', newEvent('AccountOpened'), deposit(1));
    await bank.write('a2', newEvent('AccountOpened'));
    await publication.reach(await bank.events.end(), 10_000);
    await until('more tries than a bus would make', () => own.events.refused > 8);
    expect(hearing.listener.progress.lastFailure).toBe('The store is away.');
    expect(failures.some(({ who }) => who === 'inbox:bank')).toBe(true);
    own.events.away = false;
    await heardBy(hearing);
    expect([await copies(), await copies('a2')].map(({ length }) => length)).toEqual([2, 1]);
    expect(hearing.listener.progress.lastFailure).toBeUndefined();
  });

  it('stops in the middle of an outage, and goes on after the restart', async () => {
    const hearing = await shop();
    own.events.away = true;
    await bank.write('a1', newEvent('AccountOpened'), deposit(1));
    await publication.reach(await bank.events.end(), 10_000);
    await until('it was tried', () => own.events.refused > 0);
    await close(hearing);
    own.events.away = false;
    await bank.write('a1', deposit(2));
    await heardBy(await shop());
    expect(await copies()).toHaveLength(3);
  });

  it('has a note in the place of an event that is too large, and goes on after it', async () => {
    // At the source it just fits; here its circumstances take a little more.
    const large = newEvent('AccountDeposited', { text: '' }, { commandId: 'c', correlationId: 'd' });
    const room = MAX_EVENT_BYTES - JSON.stringify(large.data).length - JSON.stringify(large.metadata).length;
    await bank.write('a1', newEvent('AccountOpened'), { ...large, data: { text: 'x'.repeat(room) } }, deposit(1));
    const hearing = await shop();
    await heardBy(hearing);
    const [, note, after] = await copies();
    expect(note).toMatchObject({ type: UNREADABLE, id: large.id, data: { reason: expect.stringContaining('bytes') } });
    expect(after).toMatchObject({ type: 'AccountDeposited', revision: 2 });
  });

  describe('of a record that is broken', () => {
    const place = async (id: string, event: NewEvent, expected: 'no-stream' | number): Promise<void> =>
      void (await own.events.append(copyStream(id), [event], expected));

    it('is passed over where something else has its place; neighbours go on, and nothing is put on top', async () => {
      await place('a1', newEvent('AccountOpened', { account: 'of another time' }), 'no-stream');
      await bank.write('a1', newEvent('AccountOpened'), deposit(1), deposit(2));
      await bank.write('a2', newEvent('AccountOpened'), deposit(1));
      const hearing = await shop();
      await heardBy(hearing);
      expect([await copies(), await copies('a2')].map(({ length }) => length)).toEqual([1, 2]);
      expect(await hearing.inbox.broken.list(everythingOf(TENANT))).toMatchObject([
        { id: copyStream('a1'), context: 'bank', aggregate: 'account', record: 'a1', revision: 0, passed: 2 },
      ]);
      expect(await publication.again(accountStream('a1'))).toBe(3);
      await heardBy(hearing);
      expect(await hearing.inbox.broken.list(everythingOf(TENANT))).toHaveLength(1);
    });

    it('is mended when its stream is heard again', async () => {
      const missing = deposit(1);
      await bank.write('a1', newEvent('AccountOpened'), missing, deposit(2), deposit(3));
      const [opened, , third] = await eventsOf(bank.events, accountStream('a1'));
      const hearing = await shop();
      await heardBy(hearing);
      // As if a message had got lost on the way, and one after it had not.
      own.events = new AwayStore();
      own.books = new InMemoryBookkeeping();
      await close(hearing);
      const deaf = await Shop.open({ publish: road.exchange.publish, listen: () => NOBODY }, own);
      const heard = ({ id, type, data, metadata, revision }: RecordedEvent) => ({
        place: { context: 'bank', epoch: 0, aggregate: 'account', tenant: TENANT, record: 'a1', revision },
        event: { id, type, data, metadata },
      });
      await deaf.inbox.take([heard(opened!)]);
      await deaf.inbox.take([heard(third!)]);
      expect(await copies()).toHaveLength(1);
      expect(await deaf.inbox.broken.list(everythingOf(TENANT))).toMatchObject([{ revision: 1, passed: 2 }]);
      const mended = await shop();
      expect(await publication.again(accountStream('a1'))).toBe(4);
      await heardBy(mended);
      expect((await copies()).map(({ revision }) => revision)).toEqual([0, 1, 2, 3]);
      expect(await mended.inbox.broken.list(everythingOf(TENANT))).toEqual([]);
    });

    it('is no news to those who have everything when it is published again', async () => {
      await bank.write('a1', newEvent('AccountOpened'), deposit(1));
      const hearing = await shop();
      await heardBy(hearing);
      expect(await publication.again(accountStream('a1'))).toBe(2);
      await heardBy(hearing);
      expect(await copies()).toHaveLength(2);
      expect(await publication.again(accountStream('nobody'))).toBe(0);
    });
  });

  describe('of a context that was set back', () => {
    it('is heard anew under the next epoch; what still comes of the one before is over', async () => {
      await bank.write('a1', newEvent('AccountOpened'), deposit(1));
      const hearing = await shop();
      await heardBy(hearing);
      await publication.relay?.stop();
      await close(hearing);
      const before = bank;
      bank = new Bank();
      bank.epoch = 7;
      // From the backup: the same first event, then another one than there was.
      const [opened] = await eventsOf(before.events, accountStream('a1'));
      await bank.write('a1', opened!, deposit(5));
      if (road.exchange instanceof FactsExchange) road = { ...road, exchange: new FactsExchange() };
      publication = bank.open(road.exchange);
      const anew = await shop();
      await heardBy(anew);
      expect(anew.inbox.epochs.prefixes([prefixOf('bank.account'), 'own-'])).toEqual(['bank.account@7-', 'own-']);
      const renewed = await eventsOf(own.events, copyStream('a1', 7));
      expect(renewed.map(({ data }) => data)).toEqual([{ account: {} }, { amount: 5 }]);
      expect((await copies()).map(({ data }) => data)).toEqual([{ account: {} }, { amount: 1 }]);
      const late = newEvent('AccountDeposited', { amount: 9 });
      const place = { context: 'bank', epoch: 0, aggregate: 'account', tenant: TENANT, record: 'a1', revision: 2 };
      await anew.inbox.take([{ place, event: late }]);
      expect([await stored(), (await copies()).length]).toEqual([4, 2]);
    });
  });
});

const NOBODY = {
  progress: undefined as never,
  lease: undefined,
  start: async () => undefined,
  stop: async () => undefined,
  caughtUp: async () => undefined,
};
