import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { contactsModule } from '@rapport/contacts';
import { contactsV1 } from '@rapport/contracts';
import { createTopics, openKafkaMessageBus } from '@rapport/kafka';
import { busExchange } from '@rapport/processing';
import { startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { hasTools, leftOut } from '../journeys/support/host-tools.js';
import { kafkaBrokers } from './kafka-cluster.js';

const TOPIC = 'rapport.contacts.v1';
/** Contacts hear them. */
const HEARD = ['rapport.identity.v1', 'rapport.sales.v1'];
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

interface KcatMessage {
  readonly topic: string;
  readonly key: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly payload: string;
}

/** What a stranger's consumer prints of a whole topic, as far as transactions that are complete go. */
const kcat = async (topic: string): Promise<readonly KcatMessage[]> => {
  const options = [
    '-b',
    kafkaBrokers().join(),
    '-X',
    'isolation.level=read_committed',
    '-C',
    '-t',
    topic,
    '-e',
    '-q',
    '-J',
  ];
  const { stdout } = await promisify(execFile)('kcat', options, { timeout: 60_000 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as KcatMessage);
};

const headersOf = ({ headers }: KcatMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]!]] : [])));

/** One account is created and renamed; the relay publishes both. */
const publishSome = async (namespace: string): Promise<string> => {
  const connection = { brokers: kafkaBrokers(), clientId: 'kcat', namespace };
  await createTopics(
    connection,
    [TOPIC, ...HEARD].map((topic) => ({ topic, partitions: 3 })),
  );
  const bus = openKafkaMessageBus(connection);
  const service = await startInProcess(contactsModule(await inMemoryEngines({ exchange: busExchange(bus) })));
  try {
    const call = callBy({ traceparent: TRACE });
    const { fullName } = contactsV1.AccountsServiceDefinition;
    const create = contactsV1.CreateAccountRequest.fromPartial({ account: { name: 'Acme' } });
    const { id } = (await service.backend.invoke(fullName, 'createAccount', create, call)) as { id: string };
    const edit = contactsV1.UpdateAccountRequest.fromPartial({
      id,
      account: { name: 'Acme Ltd' },
      updateMask: ['name'],
    });
    await service.backend.invoke(fullName, 'updateAccount', edit, callBy());
    await service.runtime.settled();
    return id;
  } finally {
    await service.close();
    await bus.close();
  }
};

if (hasTools('kcat')) {
  it('kcat reads what the relay publishes: key, CloudEvents headers, trace, body', async () => {
    const namespace = `kcat-${process.pid}-${Date.now()}`;
    const id = await publishSome(namespace);
    const messages = await kcat(`${namespace}.${TOPIC}`);
    expect(messages.map(({ key }) => key)).toEqual([`account-main-${id}`, `account-main-${id}`]);
    const [created, edited] = messages.map((message) => ({
      headers: headersOf(message),
      event: JSON.parse(message.payload) as Readonly<Record<string, unknown>>,
    }));
    expect(created!.headers).toMatchObject({
      'content-type': 'application/cloudevents+json',
      'ce-type': `${TOPIC}.AccountCreated`,
      'ce-sequence': created!.event['sequence'],
      traceparent: TRACE,
    });
    expect(created!.event).toMatchObject({ specversion: '1.0', subject: `account/${id}`, revision: 0 });
    expect(edited!.event).toMatchObject({ type: `${TOPIC}.AccountEdited`, revision: 1 });
  }, 120_000);
} else {
  leftOut('kcat reads what the relay publishes', 'there is no kcat on this machine');
}
