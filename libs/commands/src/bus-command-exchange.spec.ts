import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { InMemoryBookkeeping, type EventStore } from '@rapport/event-store';
import { newId } from '@rapport/kernel';
import { InMemoryMessageBus, type Message, type OutgoingMessage } from '@rapport/message-bus';
import { soleOwnership } from '@rapport/processing';
import { busCommandExchange } from './bus-command-exchange.js';
import type { Attendant } from './command-exchange.js';
import { SIGNATURE_HEADER } from './command-message.js';
import { messagesOn, roadOver, signingOf } from './conformance/bus-road.js';
import { commandExchangeSuite } from './conformance/command-exchange-suite.js';
import { everything, Installation } from './conformance/installation.js';
import { contextSigning } from './context-signing.js';
import { Bank, callBy, toOpen } from './fakes/bank.js';
import { Intake } from './intake.js';

commandExchangeSuite('over a bus in memory', async () => roadOver(new InMemoryMessageBus()));

let bus: InMemoryMessageBus;
let the: Installation;
let attendants: Attendant[];
beforeEach(() => {
  bus = new InMemoryMessageBus();
  the = new Installation();
  the.open(roadOver(bus));
  attendants = [];
});
afterEach(async () => {
  await Promise.all(attendants.map((attendant) => attendant.stop()));
  await the.close();
});

/** Three requests, published. */
const three = async (): Promise<readonly Message[]> => {
  the.carry();
  for (const owner of ['a', 'b', 'c']) await the.shop.requests.ask(newId(), toOpen(owner), callBy());
  let all: readonly Message[] = [];
  await the.until(async () => (all = await messagesOn(bus)).length === 3);
  return all;
};

const attendingUnder = (epoch: number) => ({
  intake: the.bank.intake,
  books: new InMemoryBookkeeping(),
  ownership: soleOwnership(),
  epoch: async () => epoch,
  refused: (failure: unknown) => void the.refused.push(failure),
});

/** The bank hears what lies on another bus, until it has heard so much. */
const hearing = async (messages: readonly OutgoingMessage[]): Promise<void> => {
  const other = new InMemoryMessageBus();
  await other.publish(messages.map(({ topic, key, headers, value }) => ({ topic, key, headers, value })));
  const attendant = busCommandExchange(other, signingOf('bank')).attend(attendingUnder(0));
  await attendant.start();
  attendants.push(attendant);
  await the.until(() => attendant.listeners[0]!.progress.handled === messages.length);
  await the.bank.runAll();
};

it('runs nothing when the topic is read again from its beginning', async () => {
  const all = await three();
  await hearing(all);
  const before = await the.bank.events.end();
  await hearing([...all, ...all]);
  expect([the.bank.calls.length, await the.bank.events.end(), the.refused]).toEqual([3, before, []]);
});

it.each<[string, (message: OutgoingMessage) => OutgoingMessage, string]>([
  ['has no signature', (message) => ({ ...message, headers: {} }), 'bad-signature'],
  ['was changed', (message) => ({ ...message, value: message.value.replace('OpenAcc', 'CloseAcc') }), 'bad-signature'],
  [
    'speaks for another',
    (message) => ({ ...message, value: message.value.replace('"shop"', '"bank"') }),
    'bad-signature',
  ],
  [
    'is of a stranger',
    (message) => ({ ...message, value: message.value.replace('"shop"', '"thief"') }),
    'bad-signature',
  ],
  ['is no JSON', (message) => ({ ...message, value: '<request/>' }), 'bad-request'],
  ['says nothing', (message) => ({ ...message, value: 'null' }), 'bad-request'],
])('passes over what %s, and tells so', async (_, change, code) => {
  const [forged, genuine] = await three();
  expect(Object.keys(forged!.headers)).toContain(SIGNATURE_HEADER);
  await hearing([change(forged!), genuine!]);
  expect(the.bank.calls).toHaveLength(1);
  expect(the.refused).toMatchObject([{ code }]);
});

it('waits for a store that is away, in its place', async () => {
  const all = await three();
  let failures = 3;
  const { stored } = the.bank;
  const away: EventStore = Object.assign(Object.create(stored) as EventStore, {
    append: (...given: Parameters<EventStore['append']>) => {
      if (failures-- > 0) return Promise.reject(new Error('away'));
      return stored.append(...given);
    },
  });
  Object.assign(the.bank, { intake: new Intake('bank', away) });
  await hearing(all);
  expect([the.bank.calls.length, the.refused]).toEqual([3, []]);
});

it('believes the keys that a context had before, and the one that it has now', () => {
  const [before, now] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const known = new Map([['shop', [before.publicKey, now.publicKey]]]);
  const signedBy = ({ privateKey }: typeof before): boolean => {
    const signature = contextSigning({ own: privateKey, known: new Map() }).sign('text');
    return contextSigning({ own: now.privateKey, known }).isSigned('shop', 'text', signature);
  };
  expect([before, now, generateKeyPairSync('ed25519')].map(signedBy)).toEqual([true, true, false]);
});

it('hears again what it has lost where its facts were set back, and an epoch says so', async () => {
  await three();
  await the.attend();
  await the.until(async () => (await everything(the.bank.stored)).length === 3);
  await the.pause();
  const { intake, stored } = new Bank();
  const attendant = busCommandExchange(bus, signingOf('bank')).attend({ ...attendingUnder(1), intake });
  await attendant.start();
  attendants.push(attendant);
  await the.until(async () => (await everything(stored)).length === 3);
});

it('leaves it to other processes of the context where it is told to', async () => {
  const attendant = busCommandExchange(bus, signingOf('bank'), false).attend(attendingUnder(0));
  await attendant.start();
  await three();
  expect(attendant.listeners).toEqual([]);
  await attendant.stop();
});
