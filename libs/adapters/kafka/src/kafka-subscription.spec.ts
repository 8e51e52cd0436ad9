import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { BusTrouble } from '@rapport/message-bus';
import { eventually } from '@rapport/message-bus/conformance';
import { FakeBroker, type Request } from './fakes/fake-broker.js';
import { KafkaNames } from './kafka-names.js';
import { LogEnds } from './log-ends.js';
import { KafkaSubscription } from './kafka-subscription.js';

let broker: FakeBroker;
let subscription: KafkaSubscription;
let troubles: BusTrouble[];

beforeEach(async () => {
  broker = await FakeBroker.open();
  troubles = [];
  const connection = { brokers: [`127.0.0.1:${broker.port}`], clientId: 'test' };
  subscription = new KafkaSubscription(
    { group: 'g', topics: ['t'], handle: async () => undefined },
    {
      connection,
      names: new KafkaNames(undefined),
      session: 100,
      admin: () => Promise.reject(new Error('nobody asks')),
      logEnds: new LogEnds(connection),
      park: async () => undefined,
      onTrouble: (trouble) => void troubles.push(trouble),
    },
  );
});
afterEach(async () => {
  await subscription.close();
  await broker.close();
});

/** Away at these, the next so many times. */
const away = (times: number, ...at: readonly Request[]): void => {
  let left = times;
  broker.fate = (request) => (at.includes(request) && left-- > 0 ? 'hang up' : 'answer');
};

it('takes part once the brokers answer who coordinates, which the client takes for lasting', async () => {
  away(3, 'FindCoordinator');
  await subscription.start();
  expect(broker.count('FindCoordinator')).toBeGreaterThan(3);
  expect(broker.count('JoinGroup')).toBe(1);
  expect(troubles).toHaveLength(3);
});

it('takes part again where, in the middle of its work, no broker was to be found', async () => {
  await subscription.start();
  away(6, 'Heartbeat', 'FindCoordinator', 'Metadata', 'ApiVersions');
  await eventually('it has joined again', () => broker.count('JoinGroup') === 2);
  // So that the group waits for nobody who is gone.
  expect(broker.count('LeaveGroup')).toBeGreaterThan(0);
});

it.each([
  ['UNKNOWN', -1],
  ['BROKER_NOT_AVAILABLE', 8],
  ['STALE_BROKER_EPOCH', 77],
])('tries again after the error %s, which the client takes for lasting', async (_, error) => {
  let left = 2;
  broker.fate = (request) => (request === 'JoinGroup' && left-- > 0 ? { error } : 'answer');
  await subscription.start();
  expect(broker.count('JoinGroup')).toBe(3);
});

it('says so where the brokers refuse what no waiting changes', async () => {
  broker.fate = (request) => (request === 'JoinGroup' ? { error: 30 } : 'answer');
  await expect(subscription.start()).rejects.toMatchObject({ kind: 'unavailable', code: 'kafka-unavailable' });
});

it('does not begin again once it is closed', async () => {
  await subscription.start();
  away(Infinity, 'Heartbeat', 'FindCoordinator');
  await eventually('it is between two tries', () => troubles.length > 1);
  await subscription.close();
  const asked = broker.count('FindCoordinator');
  away(0);
  await new Promise(setImmediate);
  expect(broker.count('FindCoordinator')).toBe(asked);
  expect(broker.count('JoinGroup')).toBe(1);
});
