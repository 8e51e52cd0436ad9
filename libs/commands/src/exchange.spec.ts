import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type EventStore, InMemoryBookkeeping, InMemoryEventStore, streamName } from '@rapport/event-store';
import { newId, positionOf, START, type RecordedEvent } from '@rapport/kernel';
import { InMemoryMessageBus, type Message, type OutgoingMessage } from '@rapport/message-bus';
import { CachedKeyStore, InMemoryKeyStore, SealedEventStore } from '@rapport/privacy';
import { soleOwnership } from '@rapport/processing';
import { busCommandExchange } from './bus-command-exchange.js';
import type { Attendant, CommandExchange } from './command-exchange.js';
import { commandsTopicOf, SIGNATURE_HEADER } from './command-message.js';
import { contextSigning } from './context-signing.js';
import { FactsCommandExchange } from './facts-command-exchange.js';
import { Bank, callBy, clock, TENANT, toOpen } from './fakes/bank.js';
import { runStepOn } from './fakes/run-step-on.js';
import { personalInRequests } from './request.js';
import { Requests } from './requests.js';

const keyring = new InMemoryKeyStore();
const keys = new CachedKeyStore(keyring);
const signing = contextSigning(keyring);

/** A context that asks the bank. */
class Shop {
  readonly stored = new InMemoryEventStore();
  readonly events = new SealedEventStore(this.stored, keys, { request: personalInRequests });
  readonly requests = new Requests(this.stored, runStepOn(this.events));
  readonly books = new InMemoryBookkeeping();

  carriedBy(exchange: CommandExchange) {
    const { stored: sealedEvents, books } = this;
    const { relay } = exchange.carry({ context: 'shop', sealedEvents, books, ownership: soleOwnership() });
    relay?.start();
    return relay;
  }
}

let bus: InMemoryMessageBus;
let shop: Shop;
let bank: Bank;
let refused: unknown[];
let running: { stop(): Promise<void> }[];
beforeEach(() => {
  clock.set('2026-03-01T12:00:00.000Z');
  bus = new InMemoryMessageBus();
  shop = new Shop();
  const stored = new InMemoryEventStore();
  bank = new Bank(new SealedEventStore(stored, keys, {}), stored);
  refused = [];
  running = [];
});
afterEach(async () => {
  for (const part of running.reverse()) await part.stop();
  await bus.close();
});

const attend = async (exchange: CommandExchange): Promise<Attendant> => {
  const { intake, books } = bank;
  const attendant = exchange.attend({
    intake,
    books,
    ownership: soleOwnership(),
    refused: (failure) => void refused.push(failure),
  });
  await attendant.start();
  running.push(attendant);
  return attendant;
};

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 1));
};

const isThere = async (commandId: string): Promise<boolean> =>
  (await bank.read(streamName('command', TENANT, commandId))).length > 0;

const messages = async (topic = commandsTopicOf('bank')): Promise<readonly Message[]> => {
  const all: Message[] = [];
  const subscription = await bus.subscribe({
    group: newId(),
    topics: [topic],
    handle: async (each) => void all.push(each),
  });
  await subscription.caughtUp();
  await subscription.close();
  return all;
};

const everything = async (store: EventStore): Promise<readonly RecordedEvent[]> => {
  const enough = new AbortController();
  const found: RecordedEvent[] = [];
  for await (const { events, caughtUp } of store.follow({ prefixes: [], after: START, signal: enough.signal })) {
    found.push(...events);
    if (caughtUp) enough.abort();
  }
  return found;
};

describe.each<[string, () => CommandExchange]>([
  ['from the facts', () => new FactsCommandExchange()],
  ['over the bus', () => busCommandExchange(bus, signing)],
])('what is asked %s', (_, open) => {
  it('comes to the context that is asked, in its order, and to no other', async () => {
    const exchange = open();
    await attend(exchange);
    const relay = shop.carriedBy(exchange);
    if (relay) running.push(relay);
    const account = newId();
    const ids = [newId(), newId(), newId()];
    for (const [n, id] of ids.entries()) await shop.requests.ask(id, toOpen(`${n}`, account), callBy());
    const elsewhere = newId();
    await shop.requests.ask(elsewhere, toOpen('x', newId(), { to: 'post' }), callBy());
    const last = newId();
    await shop.requests.ask(last, toOpen('y'), callBy());
    await until(() => isThere(last));
    await bank.runAll();
    const owners = bank.calls.map(({ input }) => input['owner']);
    expect(owners.filter((owner) => owner !== 'y')).toEqual(['0', '1', '2']);
    expect(await isThere(elsewhere)).toBe(false);
    expect(refused).toEqual([]);
  });

  it('is asked once, and sealed for whom it is about until it is run', async () => {
    const exchange = open();
    await attend(exchange);
    const relay = shop.carriedBy(exchange);
    if (relay) running.push(relay);
    const [person, id, last] = [newId(), newId(), newId()];
    const asked = toOpen('', newId(), { input: { kind: 'savings' }, personal: { owner: 'Ada' }, person });
    await shop.requests.ask(id, asked, callBy());
    await shop.requests.ask(id, asked, callBy());
    await shop.requests.ask(last, toOpen('y'), callBy());
    await until(() => isThere(last));
    const onDisk = [...(await everything(shop.stored)), ...(await everything(bank.stored))];
    expect(onDisk).toHaveLength(4);
    expect(JSON.stringify([onDisk, await messages()])).not.toContain('Ada');
    await bank.runAll();
    expect(bank.calls.map(({ input }) => input)).toContainEqual({ kind: 'savings', owner: 'Ada' });
    expect(bank.calls).toHaveLength(2);
  });

  it('about somebody who was erased meanwhile is refused', async () => {
    const exchange = open();
    const [person, id] = [newId(), newId()];
    await shop.requests.ask(id, toOpen('', newId(), { input: {}, personal: { owner: 'Ada' }, person }), callBy());
    await keys.destroy({ tenant: TENANT, id: person }, '2026-03-01T12:00:00.000Z');
    await attend(exchange);
    const relay = shop.carriedBy(exchange);
    if (relay) running.push(relay);
    await until(() => isThere(id));
    await bank.runAll();
    expect(await bank.outcome(id)).toEqual([['CommandRefused', { command: 'OpenAccount', code: 'person-erased' }]]);
  });
});

it('is heard from an asker whose facts were set back', async () => {
  await bank.books.saveCheckpoint('commands:shop', positionOf(1_000));
  const exchange = new FactsCommandExchange();
  shop.carriedBy(exchange);
  await attend(exchange);
  const id = newId();
  await shop.requests.ask(id, toOpen('Ada'), callBy());
  await until(() => isThere(id));
});

it('a request that says something about a person names that person', async () => {
  const asked = toOpen('', newId(), { input: {}, personal: { owner: 'Ada' } });
  await expect(shop.requests.ask(newId(), asked, callBy())).rejects.toMatchObject({ code: 'nobody-named' });
});

describe('the topic of what a context is asked', () => {
  const askThree = async (): Promise<readonly string[]> => {
    const relay = shop.carriedBy(busCommandExchange(bus, signing))!;
    const ids = [newId(), newId(), newId()];
    for (const id of ids) await shop.requests.ask(id, toOpen(id), callBy());
    await until(async () => (await messages()).length === 3);
    await relay.stop();
    return ids;
  };
  const publishOn = async (other: InMemoryMessageBus, all: readonly OutgoingMessage[]): Promise<void> =>
    other.publish(all.map(({ topic, key, headers, value }) => ({ topic, key, headers, value })));

  it('runs nothing when it is read again from its beginning', async () => {
    const ids = await askThree();
    await attend(busCommandExchange(bus, signing));
    await until(() => isThere(ids[2]!));
    await bank.runAll();
    expect(bank.calls).toHaveLength(3);
    const before = await bank.events.end();
    // Another bus, on which nobody has read anything yet, and everything twice.
    const again = new InMemoryMessageBus();
    const all = await messages();
    await publishOn(again, [...all, ...all]);
    const attendant = await attend(busCommandExchange(again, signing));
    await until(() => attendant.listeners[0]!.progress.handled === 6);
    await bank.runAll();
    expect([bank.calls.length, await bank.events.end()]).toEqual([3, before]);
    expect(refused).toEqual([]);
  });

  it.each<[string, (message: OutgoingMessage) => OutgoingMessage, string]>([
    ['has no signature', (message) => ({ ...message, headers: {} }), 'bad-signature'],
    [
      'was changed',
      (message) => ({ ...message, value: message.value.replace('"OpenAccount"', '"CloseAccount"') }),
      'bad-signature',
    ],
    [
      'speaks for another context',
      (message) => ({ ...message, value: message.value.replace('"from":"shop"', '"from":"post"') }),
      'bad-signature',
    ],
    ['is no JSON', (message) => ({ ...message, value: '<request/>' }), 'bad-request'],
    ['says nothing', (message) => ({ ...message, value: 'null' }), 'bad-request'],
  ])('passes over what %s, and tells so', async (_, change, code) => {
    await askThree();
    const [forged, , genuine] = (await messages()) as [Message, Message, Message];
    const other = new InMemoryMessageBus();
    await publishOn(other, [change(forged), genuine]);
    const attendant = await attend(busCommandExchange(other, signing));
    await until(() => attendant.listeners[0]!.progress.handled === 2);
    await bank.runAll();
    expect(bank.calls).toHaveLength(1);
    expect(refused).toMatchObject([{ code }]);
    expect(Object.keys(forged.headers)).toContain(SIGNATURE_HEADER);
  });

  it('is signed by keys that nobody else has, and makes none for strangers', async () => {
    const mine = await signing.sign('shop', TENANT, 'text');
    expect(await signing.isSigned('shop', TENANT, 'text', mine)).toBe(true);
    const others = contextSigning(new InMemoryKeyStore());
    expect(await others.isSigned('shop', TENANT, 'text', mine)).toBe(false);
    expect(await signing.isSigned('shop', 'other', 'text', mine)).toBe(false);
    expect(await signing.isSigned('shop', TENANT, 'text', 'no signature')).toBe(false);
    expect(await keyring.find({ tenant: 'other', id: 'shop/command-signing' })).toBeUndefined();
  });
});
