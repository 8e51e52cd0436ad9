import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { commandsTopicOf, SIGNATURE_HEADER } from '@rapport/commands';
import { missingEngines } from '@rapport/engines';
import { openKafkaMessageBus } from '@rapport/kafka';
import { type EventMetadata, newId, type RecordedEvent } from '@rapport/kernel';
import type { Message, OutgoingMessage } from '@rapport/message-bus';
import { openMongo } from '@rapport/mongo';
import { Kafka, logLevel } from 'kafkajs';
import { ADMINISTRATOR } from '../journeys/support/assembly.js';
import { Api, type Fields, type List } from '../journeys/support/api.js';
import { eventually } from '../journeys/support/eventually.js';
import { Import, type ImportView } from '../journeys/support/imports.js';
import { describeWhere, itWhere } from '../journeys/support/host-tools.js';
import { type ProcessAssembly, startProcesses } from '../journeys/support/processes/process-assembly.js';
import { ContextFacts } from './context-facts.js';
import { controlOf } from './faults/trial.js';

jest.setTimeout(240_000);

const TOPIC = commandsTopicOf('contacts');
/** Who asks, and who is asked. */
type Party = 'sales' | 'contacts';

/** Accounts that each import misses. */
const MISSED = 8;

let assembly: ProcessAssembly;
let api: Api;
let facts: Readonly<Record<Party, ContextFacts>>;
let asked = 0;

const begin = async (): Promise<void> => {
  assembly = await startProcesses();
  api = new Api(assembly.address, ADMINISTRATOR);
  facts = { contacts: new ContextFacts(assembly, 'contacts'), sales: new ContextFacts(assembly, 'sales') };
  await api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'New', probability: 20 }] });
};
const end = async (): Promise<void> => {
  await Promise.all(Object.values(facts).map((each) => each.close()));
  await assembly.stop();
};

const missing = missingEngines('kafka', 'mongodb', 'eventstoredb');

/** Deals whose accounts nobody has, and one whose account nobody can have. */
const deals = (name: string): string => {
  const rows = Array.from({ length: MISSED }, (_, n) => `${name}-${n},Deal ${name} ${n},${name} ${n},New`);
  return ['Opportunity ID,Opportunity,Account,Stage', ...rows, `${name}-x,Bad,${'x'.repeat(2000)},New`, ''].join('\n');
};

const uploaded = (name: string): Promise<Import> =>
  Import.of(api, 'opportunities', deals(name), { createMissing: ['account'] });

/** Whoever is asked may be away. */
const done = async (imported: Import): Promise<ImportView> =>
  (await eventually(
    () => imported.view().catch(() => undefined),
    (view) => view?.state === 'done' || view?.state === 'failed',
    120_000,
  ))!;

const expectAllOnce = async (): Promise<void> => {
  // Identity is asked, too: to tell who has imported.
  const ofContacts = ({ data }: RecordedEvent): boolean => (data as { to?: string }).to === 'contacts';
  expect(await facts.sales.histories('request', ofContacts)).toEqual({
    'CommandRequested, CommandAnswered': asked * (MISSED + 1),
  });
  expect(await facts.contacts.histories('command')).toEqual({
    'CommandReceived, CommandDone': asked * MISSED,
    'CommandReceived, CommandRefused': asked,
  });
  expect(await facts.contacts.histories('account')).toEqual({ AccountCreated: asked * MISSED });
  expect(await facts.sales.histories('opportunity')).toEqual({ OpportunityCreated: asked * MISSED });
};

type Step = readonly [killed: Party, once: string, at: Party, aggregate: string, type: string];
const STEPS: readonly Step[] = [
  ['sales', 'it has asked', 'sales', 'request', 'CommandRequested'],
  ['contacts', 'it has received what is asked', 'contacts', 'command', 'CommandReceived'],
  ['contacts', 'it has done what is asked', 'contacts', 'account', 'AccountCreated'],
  ['contacts', 'it has said so', 'contacts', 'command', 'CommandDone'],
  ['sales', 'it has heard so', 'sales', 'contacts.command', 'CommandDone'],
  ['sales', 'it has noted the answer', 'sales', 'request', 'CommandAnswered'],
];

type Outage = readonly [since: string, at: Party, aggregate: string, type: string];
const OUTAGES: readonly Outage[] = [
  ['it was asked', 'sales', 'request', 'CommandRequested'],
  ['it was received', 'contacts', 'command', 'CommandReceived'],
  ['it was done', 'contacts', 'command', 'CommandDone'],
];
const control = controlOf('kafka');

/** Away until both of them have noticed. */
const loseKafka = async (): Promise<void> => {
  const processes = [...assembly.of('contacts'), ...assembly.of('sales')];
  const before = processes.map(({ output }) => output.length);
  await control!.kill();
  const noticed = (): boolean =>
    processes.every(({ output }, at) => output.slice(before[at]).includes('The message bus has trouble'));
  await eventually(noticed, Boolean, 60_000);
  await control!.start();
};

const kafka = (): Kafka =>
  new Kafka({ brokers: assembly.settings['KAFKA_BROKERS']!.split(','), logLevel: logLevel.NOTHING });

/** The group of those whom others ask has, from now on, read nothing. */
const forgetReading = async (): Promise<void> => {
  const admin = kafka().admin();
  await admin.connect();
  await admin.deleteGroups([`${assembly.settings['RAPPORT_NAMESPACE']}.contacts.commands`]);
  await admin.disconnect();
};

interface Follower {
  readonly name: string;
  readonly handled: number;
}

/** How much contacts has heard of what it is asked, since its process began. */
const heard = async (): Promise<number> => {
  const { data } = await api.get<{ data: readonly Follower[] }>('/v1/operations/contacts/followers');
  return data.find(({ name }) => name === 'commands:all')?.handled ?? 0;
};

/** Reads the whole topic, and lets something else be published on it. */
const onTopic = async <T>(
  work: (publish: (all: readonly OutgoingMessage[]) => Promise<void>, all: readonly Message[]) => Promise<T>,
) => {
  const { KAFKA_BROKERS: brokers, RAPPORT_NAMESPACE: namespace } = assembly.settings;
  const bus = openKafkaMessageBus({ brokers: brokers!.split(','), clientId: 'stranger', namespace: namespace! });
  const all: Message[] = [];
  const handle = async (each: Message): Promise<void> => void all.push(each);
  const reading = await bus.subscribe({ group: `stranger-${newId()}`, topics: [TOPIC], handle });
  await reading.caughtUp();
  await reading.close();
  const publish = (messages: readonly OutgoingMessage[]): Promise<void> =>
    bus.publish(messages.map(({ topic, key, headers, value }) => ({ topic, key, headers, value })));
  const result = await work(publish, all);
  await bus.close();
  return result;
};

const everything = async (): Promise<unknown> =>
  Promise.all(
    Object.values(facts).map(async (each) =>
      Object.fromEntries([...(await each.streams())].map(([stream, events]) => [stream, events.map(({ id }) => id)])),
    ),
  );

/** A database of views is dropped while nobody works with it. */
const dropViews = async (context: Party): Promise<void> => {
  const { MONGODB_URL: url, RAPPORT_NAMESPACE: namespace } = assembly.settings;
  const connection = await openMongo({ url: url!, database: `${namespace}_${context}` });
  await connection.mongoose.dropDatabase();
  await connection.close();
};

describeWhere(missing, 'commands between processes', () => {
  beforeAll(begin);
  afterAll(end);

  it.each(STEPS)('are done once where %s is killed once %s', async (killed, _, at, aggregate, type) => {
    const imported = await uploaded(`K${asked}`);
    const { seen } = await facts[at].next(aggregate, type);
    await api.post(`${imported.path}:run`);
    await seen;
    const [victim] = assembly.of(killed);
    await victim!.kill();
    await victim!.start();
    const { state, counts } = await done(imported);
    asked += 1;
    expect([state, counts]).toMatchObject(['done', { created: MISSED, failed: 1 }]);
    await expectAllOnce();
  });

  it('are done once where both are away when they are due', async () => {
    const [contacts] = assembly.of('contacts');
    const [sales] = assembly.of('sales');
    await contacts!.kill();
    const imported = await uploaded(`K${asked}`);
    const { seen } = await facts.sales.next('request', 'CommandRequested');
    await api.post(`${imported.path}:run`);
    await seen;
    await sales!.kill();
    await contacts!.start();
    await sales!.start();
    expect(await done(imported)).toMatchObject({ state: 'done', counts: { created: MISSED } });
    asked += 1;
    await expectAllOnce();
  });

  for (const [since, at, aggregate, type] of OUTAGES)
    itWhere(control !== undefined, 'this Kafka may not be stopped')(
      `are done once, by the same processes, where Kafka is away once ${since}`,
      async () => {
        const imported = await uploaded(`K${asked}`);
        const { seen } = await facts[at].next(aggregate, type);
        await api.post(`${imported.path}:run`);
        await seen;
        await loseKafka();
        expect(await done(imported)).toMatchObject({ state: 'done', counts: { created: MISSED, failed: 1 } });
        asked += 1;
        await expectAllOnce();
        for (const each of [...assembly.of('contacts'), ...assembly.of('sales')])
          expect((await fetch(`${each.health}/healthz`)).ok).toBe(true);
      },
    );

  it('are never run once they have expired', async () => {
    const [commandId, record] = [newId(), newId()];
    const metadata: EventMetadata = {
      ...{ tenant: 'main', correlationId: newId(), commandId, schemaVersion: 1 },
      actor: { kind: 'system', id: 'test' },
      occurredAt: new Date().toISOString(),
    };
    const data = {
      ...{ to: 'contacts', command: 'FindOrCreateAccount', record: { aggregate: 'account', id: record } },
      ...{ input: { name: 'Too late' }, expiresAt: new Date(Date.now() - 1).toISOString() },
    };
    await facts.sales.write(`request-main-${commandId}`, { id: newId(), type: 'CommandRequested', data, metadata });
    const answers = async () => (await facts.sales.streams('request')).get(`request-main-${commandId}`)!.slice(1);
    const [answered] = await eventually(answers, ({ length }) => length > 0);
    expect(answered).toMatchObject({ data: { outcome: 'refused', problem: { code: 'expired' } } });
    expect((await facts.contacts.streams('account')).has(`account-main-${record}`)).toBe(false);
  });

  it('run nothing again, nor anything forged, when the topic is read from its beginning and views are made anew', async () => {
    const processes = [...assembly.of('contacts'), ...assembly.of('sales')];
    const before = await everything();
    for (const each of processes) await each.stop();
    await forgetReading();
    const lying = await onTopic(async (publish, all) => {
      expect(all.length).toBeGreaterThan(asked * MISSED);
      // As a relay does that begins again.
      await publish(all);
      const { [SIGNATURE_HEADER]: signature } = all[0]!.headers;
      const value = all[0]!.value.replaceAll(/"commandId":"[^"]+"/g, `"commandId":"${newId()}"`);
      await publish([{ ...all[0]!, value, headers: { [SIGNATURE_HEADER]: signature! } }]);
      return 2 * all.length + 1;
    });
    for (const context of ['contacts', 'sales'] as const) await dropViews(context);
    for (const each of processes) await each.start();
    await eventually(
      () => heard().catch(() => 0),
      (count) => count === lying,
      60_000,
    );
    const accounts = await eventually(
      () => api.all<Fields>('/v1/accounts').catch(() => []),
      ({ length }) => length > 0,
    );
    expect(accounts).toHaveLength(asked * MISSED);
    const { data } = await api.get<List<Fields>>('/v1/operations/contacts/parked');
    expect([await everything(), data]).toEqual([before, []]);
    expect(assembly.of('contacts')[0]!.output).toContain('This request was not signed by sales.');
  });
});
