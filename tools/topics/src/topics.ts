import type { createTopics, describeTopics, KafkaConnection, TopicReport } from '@rapport/kafka';
import { DomainError } from '@rapport/kernel';
import { serviceDefinitions } from '@rapport/standalone/contexts';
import { type Order, orderOf, USAGE } from './order.js';
import { type PlannedTopic, plannedTopics } from './planned-topics.js';
import { requiredTopics } from './required-topics.js';
import { asJson, asTable } from './table.js';
import { readTopicSettings } from './topic-settings.js';

/** What is asked of the cluster. */
export interface Cluster {
  readonly createTopics: typeof createTopics;
  readonly describeTopics: typeof describeTopics;
}

/** What a command line gives: the text and the process's exit code. */
export const topics = async (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  cluster: Cluster,
): Promise<{ readonly text: string; readonly exitCode: number }> => {
  try {
    const order = orderOf(args, env);
    return { text: order.help ? USAGE : await answer(order, cluster), exitCode: 0 };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { text: textOf(error), exitCode: error.kind === 'invalid' ? 2 : 1 };
  }
};

/** With what the cluster says of each topic that it refused. */
const textOf = ({ message, cause }: DomainError): string => {
  const refused = cause instanceof Error && 'errors' in cause ? (cause.errors as readonly Refusal[]) : [];
  return [message.trimEnd(), ...refused.map((each) => `${each.topic}: ${each.message}`), ''].join('\n');
};

interface Refusal {
  readonly topic: string;
  readonly message: string;
}

const answer = async (order: Order, cluster: Cluster): Promise<string> => {
  const planned = plannedTopics(
    requiredTopics(serviceDefinitions),
    readTopicSettings(order.settings),
    order.replication,
  );
  if (order.list) return order.json ? asJson(named(planned, order)) : asTable(named(planned, order));
  const connection = connectionOf(order);
  if (!order.dryRun) return outcome(await cluster.createTopics(connection, planned), planned.length, order);
  const found = await cluster.describeTopics(
    connection,
    planned.map(({ topic }) => topic),
  );
  const there = new Set(found.map(({ topic }) => topic));
  const missing = planned.filter(({ topic }) => !there.has(topic));
  if (order.json) return asJson({ missing });
  return missing.length > 0 ? `These topics are missing:\n\n${asTable(missing)}` : 'Every topic is there.\n';
};

/** As the cluster knows them. */
const named = (planned: readonly PlannedTopic[], { namespace }: Order): readonly PlannedTopic[] =>
  namespace === undefined ? planned : planned.map((each) => ({ ...each, topic: `${namespace}.${each.topic}` }));

const connectionOf = ({ brokers, namespace }: Order): KafkaConnection => {
  if (brokers.length === 0)
    throw new DomainError('invalid', 'bad-argument', `Which cluster? Give --brokers or KAFKA_BROKERS.\n\n${USAGE}`);
  return { brokers, clientId: 'rapport-topics', ...(namespace === undefined ? {} : { namespace }) };
};

const outcome = (report: TopicReport, count: number, { json }: Order): string => {
  if (json) return asJson(report);
  const { created, differences } = report;
  return [
    ...created.map((topic) => `${topic}: created`),
    ...differences.map(
      ({ topic, what, declared, found }) => `${topic}: ${what} is ${found}, not ${declared}; left as it is`,
    ),
    `${count - created.length} of ${count} topics were there.`,
    '',
  ].join('\n');
};
