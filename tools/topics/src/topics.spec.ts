import { describe, expect, it } from '@jest/globals';
import { commandsTopicOf } from '@rapport/commands';
import { DomainError } from '@rapport/kernel';
import { topicOf } from '@rapport/processing';
import { serviceDefinitions } from '@rapport/standalone/contexts';
import { requiredTopics } from './required-topics.js';
import { type Cluster, topics } from './topics.js';

const notAsked = () => Promise.reject(new Error('no broker is asked'));
const nowhere: Cluster = { createTopics: notAsked, describeTopics: notAsked };

describe('required topics', () => {
  it('are all that the services publish on and listen to', () => {
    const heard = serviceDefinitions.flatMap(({ context, listens = {} }) => [context, ...Object.keys(listens)]);
    const asked = serviceDefinitions.flatMap(({ asks = [] }) => asks);
    expect(requiredTopics(serviceDefinitions).map(({ topic }) => topic)).toEqual(
      [...new Set([...heard.map(topicOf), ...asked.map(commandsTopicOf)])].sort(),
    );
  });

  it('include the topic of a context that is only listened to', () => {
    const found = requiredTopics([{ context: 'sales', listens: { contacts: ['account'] } }]);
    expect(found.map(({ topic }) => topic)).toEqual(['rapport.contacts.v1', 'rapport.sales.v1']);
  });

  it('include the one on which a context is asked', () => {
    const found = requiredTopics([{ context: 'sales', asks: ['contacts'] }]);
    expect(found.map(({ topic, holds }) => [topic, holds])).toEqual([
      ['rapport.contacts.commands.v1', 'commands'],
      ['rapport.contacts.v1', 'events'],
      ['rapport.sales.v1', 'events'],
    ]);
  });
});

describe('the command', () => {
  const run = (args: string[], env = {}, cluster: Partial<Cluster> = {}) =>
    topics(args, env, { ...nowhere, ...cluster });

  it('lists every topic and asks no broker', async () => {
    const { text, exitCode } = await run(['--list', '--json', '--namespace', 'try'], {
      KAFKA_REPLICATION: 'production',
    });
    const listed = JSON.parse(text) as { topic: string; replicationFactor: number; config: object }[];
    expect(exitCode).toBe(0);
    expect(listed.map(({ topic }) => topic)).toEqual(
      requiredTopics(serviceDefinitions).map(({ topic }) => `try.${topic}`),
    );
    for (const { topic, replicationFactor, config } of listed) {
      expect(replicationFactor).toBe(3);
      const retention = topic.endsWith('.commands.v1') ? '2592000000' : '-1';
      expect(config).toMatchObject({ 'min.insync.replicas': '2', 'retention.ms': retention });
    }
    expect((await run(['--list'])).text.split('\n')[2]).toMatch(/^rapport\.contacts\.v1 +12 +1 +cleanup/);
  });

  const env = { KAFKA_BROKERS: 'one:9092, two:9092', RAPPORT_NAMESPACE: 'try' };

  it('has the missing ones made, and tells what is not as it should be', async () => {
    const createTopics: Cluster['createTopics'] = async (connection, planned) => {
      expect(connection).toMatchObject({ brokers: ['one:9092', 'two:9092'], namespace: 'try' });
      const [first, second] = planned.map(({ topic }) => topic);
      return { created: [first!], differences: [{ topic: second!, what: 'partitions', declared: '1', found: '2' }] };
    };
    const { text, exitCode } = await run([], env, { createTopics });
    const all = requiredTopics(serviceDefinitions).length;
    expect(exitCode).toBe(0);
    expect(text.split('\n')).toEqual([
      'rapport.contacts.commands.v1: created',
      'rapport.contacts.v1: partitions is 2, not 1; left as it is',
      `${all - 1} of ${all} topics were there.`,
      '',
    ]);
    expect(JSON.parse((await run(['--json'], env, { createTopics })).text)).toHaveProperty('created.length', 1);
  });

  it('only shows in a dry run which are missing', async () => {
    const describeTopics: Cluster['describeTopics'] = async (_, names) =>
      names.slice(1).map((topic) => ({ topic, partitions: 1, replicationFactor: 1, config: {} }));
    const { text, exitCode } = await run(['--dry-run'], env, { describeTopics });
    expect(exitCode).toBe(0);
    expect(text.match(/^rapport\S+/gm)).toEqual(['rapport.contacts.commands.v1']);
  });

  it.each([
    [['--replication', 'much', '--list'], 2, /no replication "much". Give one of: development, production/],
    [[], 2, /Give --brokers or KAFKA_BROKERS/],
    [['--brokes', 'x'], 2, /--brokes/],
    [['--settings', 'nowhere.json', '--list'], 2, /nowhere\.json/],
    [['--help'], 0, /Usage/],
  ])('answers %j with exit code %i', async (args, exitCode, text) => {
    expect(await run(args)).toEqual({ exitCode, text: expect.stringMatching(text) });
  });

  it('ends with 1 when the cluster does not answer', async () => {
    const createTopics = () => Promise.reject(new DomainError('unavailable', 'away', 'No broker answers.'));
    expect(await run(['--brokers', 'x:1'], {}, { createTopics })).toEqual({
      exitCode: 1,
      text: 'No broker answers.\n',
    });
  });
});
