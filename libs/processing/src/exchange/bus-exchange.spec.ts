import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { InMemoryBookkeeping, InMemoryEventStore } from '@rapport/event-store';
import { idFrom, type RecordedEvent } from '@rapport/kernel';
import { InMemoryMessageBus, type OutgoingMessage } from '@rapport/message-bus';
import { busExchange, groupOf } from './bus-exchange.js';
import { messageOf } from './event-message.js';
import { UNREADABLE } from './external-event.js';
import {
  accountStream,
  Bank,
  copyStream,
  deposit,
  eventsOf,
  newEvent,
  publishing,
  Shop,
  TENANT,
} from './fakes/bank.js';

const TOPIC = 'rapport.bank.v1';

let bus: InMemoryMessageBus;
let own: { events: InMemoryEventStore; books: InMemoryBookkeeping };
let shop: Shop;
let messages: readonly OutgoingMessage[];
let source: readonly RecordedEvent[];
beforeEach(async () => {
  bus = new InMemoryMessageBus();
  own = { events: new InMemoryEventStore(), books: new InMemoryBookkeeping() };
  shop = await Shop.open(busExchange(bus), own);
  const bank = new Bank();
  await bank.write('a1', newEvent('AccountOpened'), deposit(1), deposit(2));
  source = await eventsOf(bank.events, accountStream('a1'));
  messages = source.map((event) => messageOf(publishing, event, 0));
});
afterEach(async () => {
  await shop.listener.stop();
  await bus.close();
});

const hear = async (...sent: readonly OutgoingMessage[]): Promise<void> => {
  await bus.publish(sent);
  await shop.listener.caughtUp();
};
const copies = (): Promise<readonly RecordedEvent[]> => eventsOf(own.events, copyStream('a1'));

describe('a message on the bus', () => {
  it('has in its headers what it takes to put it in its place unread', () => {
    const { id, position } = source[1]!;
    expect(messages[1]).toMatchObject({
      topic: TOPIC,
      key: accountStream('a1'),
      headers: {
        'ce-id': id,
        'ce-type': `${TOPIC}.AccountDeposited`,
        'ce-sequence': position,
        'ce-stream': accountStream('a1'),
        'ce-revision': '1',
        'ce-version': '1',
        'ce-epoch': '0',
      },
    });
  });

  it.each([
    ['no JSON at all', 'poison'],
    ['something else', 'null'],
    ['an event without data', JSON.stringify({ id: 'x', specversion: '1.0' })],
  ])('that is %s leaves a note in its place; its record and its neighbours go on', async (_, value) => {
    const [first, second, third] = messages;
    await hear(first!, { ...second!, value }, third!);
    const [, note, after] = await copies();
    expect(note).toMatchObject({ id: source[1]!.id, revision: 1, type: UNREADABLE });
    expect(note!.data).toEqual({ reason: expect.any(String) });
    expect(after).toMatchObject({ id: source[2]!.id, revision: 2 });
    expect(await shop.inbox.broken.list(everythingOf(TENANT))).toEqual([]);
  });

  it.each([
    ['a tenant', { tenant: 'Not a tenant' }],
    ['a record', { subject: 'account/' }],
    ['a revision', { revision: 1.5 }],
    ['an id', { id: 'not a uuid' }],
    ['its context', { source: '/rapport/elsewhere' }],
  ])('whose body has no proper %s leaves a note as well', async (_, wrong) => {
    const [first, second] = messages;
    await hear(first!, { ...second!, value: JSON.stringify({ ...JSON.parse(second!.value), ...wrong }) });
    expect((await copies()).map(({ type }) => type)).toEqual(['AccountOpened', UNREADABLE]);
  });

  it('that names no place is put on the list of what is broken, and holds nobody up', async () => {
    const { headers: _, ...rest } = messages[0]!;
    await hear({ ...rest, headers: {}, value: 'poison' }, ...messages);
    expect(await copies()).toHaveLength(3);
    expect(await shop.inbox.broken.list(everythingOf(TENANT))).toMatchObject([
      { id: expect.stringMatching(`^${TOPIC}/`), context: 'bank', reason: expect.stringContaining('names no record') },
    ]);
  });

  it('from before there were such headers is heard like any other', async () => {
    const old = messages.map((message) => {
      const { 'ce-type': type, 'ce-sequence': sequence } = message.headers;
      return { ...message, headers: { 'ce-type': type!, 'ce-sequence': sequence! } };
    });
    await hear(...old);
    expect((await copies()).map(({ id, revision }) => [id, revision])).toEqual(
      source.map(({ id, revision }) => [id, revision]),
    );
  });

  it('of a record that nobody listens to is passed over without being read', async () => {
    const headers = { ...messages[0]!.headers, 'ce-stream': `card-${TENANT}-c1`, 'ce-id': idFrom('card') };
    await hear({ topic: TOPIC, key: `card-${TENANT}-c1`, headers, value: 'nobody reads this' });
    expect(await shop.inbox.broken.list(everythingOf(TENANT))).toEqual([]);
    expect(await own.events.end()).toMatch(/^0+$/);
  });
});

describe('the consumer group of an inbox', () => {
  it('begins again where the facts of whoever listens were set back, and an epoch says so', async () => {
    await hear(...messages);
    await shop.listener.stop();
    own = { events: new InMemoryEventStore(), books: new InMemoryBookkeeping() };
    shop = await Shop.open(busExchange(bus), own);
    await shop.listener.caughtUp();
    expect(await copies()).toEqual([]);
    await shop.listener.stop();
    shop = await Shop.open(busExchange(bus), own, ['account'], 1);
    await shop.listener.caughtUp();
    expect((await copies()).map(({ id }) => id)).toEqual(source.map(({ id }) => id));
  });

  it('is another one for other records, and the same in whatever order they are named', () => {
    const group = (...aggregates: string[]): string => groupOf({ context: 'shop', from: 'bank', aggregates });
    expect(group('account', 'card')).toMatch(/^shop\.inbox\.bank\.[0-9a-f]{12}$/);
    expect(group('card', 'account')).toBe(group('account', 'card'));
    expect(group('account')).not.toBe(group('account', 'card'));
  });
});
