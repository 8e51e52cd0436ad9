import kafkajs, { type Admin } from 'kafkajs';
import { kafkaOf, type KafkaConnection } from './kafka-connection.js';
import { KafkaNames } from './kafka-names.js';
import { kafkaUnavailable, protocolErrorOf } from './kafka-problem.js';

/** A topic as it should be. */
export interface TopicDeclaration {
  readonly topic: string;
  /** Fixed when the topic is made: with another number keys would move and their order with them. */
  readonly partitions: number;
  /** Copies of each partition. Default: the cluster's own. */
  readonly replicationFactor?: number;
  /** The brokers' names of settings: `{ 'retention.ms': '604800000' }`. */
  readonly config?: Readonly<Record<string, string>>;
}

/** A topic as it is; undefined where there is none of this name. */
export interface TopicDescription {
  readonly topic: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Every setting, its default where none was made. */
  readonly config: Readonly<Record<string, string>>;
}

export interface TopicDifference {
  readonly topic: string;
  /** `partitions`, `replicationFactor` or the name of a setting. */
  readonly what: string;
  readonly declared: string;
  readonly found: string;
}

export interface TopicReport {
  readonly created: readonly string[];
  /** Topics that were there already and are not as declared. Nothing of them is changed. */
  readonly differences: readonly TopicDifference[];
}

const LONGEST_WAIT = 30_000;
const NOT_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE']);

/** Creates the topics that are missing; may be repeated. @throws DomainError unavailable */
export const createTopics = (
  connection: KafkaConnection,
  declarations: readonly TopicDeclaration[],
): Promise<TopicReport> =>
  withAdmin(connection, 'create topics', async (admin, names) => {
    const found = await describeWith(admin, names, declarations);
    const missing = declarations.filter(({ topic }) => !found.has(topic));
    if (missing.length > 0) {
      await admin.createTopics({ waitForLeaders: false, topics: missing.map((declared) => asTopic(declared, names)) });
    }
    await untilLed(
      admin,
      missing.map(({ topic }) => names.outside(topic)),
    );
    return {
      created: missing.map(({ topic }) => topic),
      differences: declarations.flatMap((declared) => differencesOf(declared, found.get(declared.topic))),
    };
  });

/** Those of the topics that exist. @throws DomainError unavailable */
export const describeTopics = (
  connection: KafkaConnection,
  topics: readonly string[],
): Promise<readonly TopicDescription[]> =>
  withAdmin(connection, 'describe topics', async (admin, names) => [
    ...(
      await describeWith(
        admin,
        names,
        topics.map((topic) => ({ topic })),
      )
    ).values(),
  ]);

const withAdmin = async <T>(
  connection: KafkaConnection,
  what: string,
  work: (admin: Admin, names: KafkaNames) => Promise<T>,
): Promise<T> => {
  const admin = kafkaOf(connection).admin();
  try {
    await admin.connect();
    return await work(admin, new KafkaNames(connection.namespace));
  } catch (error) {
    throw kafkaUnavailable(what, error);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};

/** Brokers hear of a new topic, and of who leads its partitions, one after the other. */
const untilLed = async (admin: Admin, topics: string[]): Promise<void> => {
  if (topics.length === 0) return;
  const giveUpAt = performance.now() + LONGEST_WAIT;
  for (;;) {
    try {
      const { topics: known } = await admin.fetchTopicMetadata({ topics });
      if (known.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)))
        return;
    } catch (error) {
      if (performance.now() > giveUpAt || !NOT_YET.has(protocolErrorOf(error) ?? '')) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const asTopic = ({ topic, partitions, replicationFactor = -1, config = {} }: TopicDeclaration, names: KafkaNames) => ({
  topic: names.outside(topic),
  numPartitions: partitions,
  replicationFactor,
  configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
});

const describeWith = async (
  admin: Admin,
  names: KafkaNames,
  wanted: readonly { readonly topic: string }[],
): Promise<Map<string, TopicDescription>> => {
  const existing = new Set(await admin.listTopics());
  const topics = wanted.map(({ topic }) => names.outside(topic)).filter((topic) => existing.has(topic));
  if (topics.length === 0) return new Map();
  const { topics: metadata } = await admin.fetchTopicMetadata({ topics });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  });
  const configs = new Map(resources.map(({ resourceName, configEntries }) => [resourceName, configEntries]));
  return new Map(
    metadata.map(({ name, partitions }) => {
      const entries = (configs.get(name) ?? []).map(({ configName, configValue }) => [configName, configValue]);
      const topic = names.inside(name) ?? name;
      const replicationFactor = partitions[0]?.replicas.length ?? 0;
      const config = Object.fromEntries(entries) as Record<string, string>;
      return [topic, { topic, partitions: partitions.length, replicationFactor, config }];
    }),
  );
};

const differencesOf = (declared: TopicDeclaration, found: TopicDescription | undefined): TopicDifference[] => {
  if (found === undefined) return [];
  const { topic, partitions, replicationFactor = found.replicationFactor, config = {} } = declared;
  const compared: [what: string, declared: string, found: string][] = [
    ['partitions', String(partitions), String(found.partitions)],
    ['replicationFactor', String(replicationFactor), String(found.replicationFactor)],
    ...Object.entries(config).map(([name, value]): [string, string, string] => [name, value, found.config[name] ?? '']),
  ];
  return compared
    .filter(([, wanted, is]) => wanted !== is)
    .map(([what, wanted, is]) => ({ topic, what, declared: wanted, found: is }));
};
