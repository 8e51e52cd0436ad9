import { expect } from '@jest/globals';
import { openKafkaMessageBus } from '@rapport/kafka';
import { deadLetterTopic, type Message } from '@rapport/message-bus';
import { eventually } from '../../journeys/support/eventually.js';
import { type Fault, SECONDS, type Trial } from './trial.js';
import { Witness } from './witness.js';

/** What the others are compared with. */
export const nothing: Fault = { name: 'a quiet day', happen: async () => 'nothing happened' };

/** Both contexts lose a process at once, which is away for a moment. */
export const killedService: Fault = {
  name: 'kill -9 of a service',
  happen: async ({ assembly, at }) => {
    const [contacts, sales] = [assembly.of('contacts')[0]!, assembly.of('sales')[0]!];
    await at(0.3);
    await Promise.all([contacts.kill(), sales.kill()]);
    await at(0.4);
    await Promise.all([contacts.start(), sales.start()]);
    await at(0.6);
    await contacts.kill();
    await contacts.start();
    return 'three killed, all back';
  },
};

/** A consumer that needs longer for each message than there is between two of them holds nobody up. */
export const slowConsumer: Fault = {
  name: 'a slow consumer',
  happen: async ({ facts, at }) => {
    await using slow = await Witness.begin(facts.brokers, facts.namespace, 'slow', 20);
    await at(1);
    const behind = [...slow.applied.values()].flat().length;
    await slow.caughtUp();
    const all = [...slow.applied.values()].flat();
    expect(new Set(all).size).toBe(all.length);
    return `it had ${behind} of ${all.length} at the end of the writes, then all`;
  },
};

const TOPIC = 'rapport.contacts.v1';

/** A message that no consumer understands, under the key of an account that goes on being written. */
export const poisonMessage: Fault = {
  name: 'a poison message',
  happen: async ({ facts, writes, at }) => {
    const bus = openKafkaMessageBus({
      brokers: facts.brokers.split(','),
      clientId: 'poison',
      namespace: facts.namespace,
    });
    for (const share of [0.2, 0.5]) {
      await at(share);
      const { id } = await eventually(() => writes.accounts.at(-1)!);
      await bus.publish([{ topic: TOPIC, key: `account-main-${id}`, headers: {}, value: 'poison' }]);
    }
    await bus.close();
    return '2 messages';
  },
  afterwards: async ({ api, facts }) => {
    expect(await parked(facts, 'witness')).toEqual(['poison', 'poison']);
    // Sales parks nothing: what names no record is shown, and everything behind it has gone on.
    const { data } = await api.get<{ data: readonly object[] }>('/v1/operations/sales/broken');
    const nobodys = { source: 'contacts', record: '', reason: expect.stringContaining('names no record') };
    expect(data).toMatchObject([nobodys, nobodys]);
  },
};

/** What lies in a group's dead-letter topic. */
const parked = async ({ brokers, namespace }: Trial['facts'], group: string): Promise<readonly string[]> => {
  const bus = openKafkaMessageBus({ brokers: brokers.split(','), clientId: 'parked', namespace });
  const values: string[] = [];
  const handle = async ({ value }: Message): Promise<void> => void values.push(value);
  const subscription = await bus.subscribe({
    group: `parked-${group}`,
    topics: [deadLetterTopic(TOPIC, group)],
    handle,
  });
  await subscription.caughtUp();
  await subscription.close();
  await bus.close();
  return values;
};

/** Members of the consumer groups come and go in the middle of their work. */
export const consumerRebalance: Fault = {
  name: 'rebalances of the consumer groups',
  happen: async ({ assembly, facts, at }) => {
    let rebalances = 0;
    for (let share = 0.1; share < 0.9; share += 0.2) {
      await at(share);
      await assembly.of('sales')[1]!.stop();
      const second = await Witness.begin(facts.brokers, facts.namespace, 'witness-of-two');
      const third = await Witness.begin(facts.brokers, facts.namespace, 'witness-of-two');
      await assembly.of('sales')[1]!.start();
      await second.end();
      await third.end();
      rebalances += 5;
    }
    return `${rebalances} members came or went`;
  },
};

/** Replicas disagree about the time by as much as the signature of a call bears. */
export const clockSkew: Fault = {
  name: 'clocks that are half a minute apart',
  options: { clocks: { contacts: [0, 20], sales: [-10, 0], gateway: [-10] } },
  happen: async () => `offsets of ${[20, -10, -10].join(', ')} s over ${SECONDS} s`,
};
