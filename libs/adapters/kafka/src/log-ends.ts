import type { Cluster, PartitionAssigner } from 'kafkajs';
import { kafkaOf, type KafkaConnection } from './kafka-connection.js';

/** A partition that holds messages. */
export interface PartitionEnd {
  readonly topic: string;
  readonly partition: number;
  /** Offset behind its last record. */
  readonly end: number;
}

/**
 * Ends of partitions, with what transactions have written of whose end the partition has not heard yet: a publisher is told
 * before it hears, and the client's admin asks for what lies before such transactions only.
 */
export class LogEnds {
  private connected: Promise<Cluster> | undefined;

  constructor(private readonly connection: KafkaConnection) {}

  /** Of every partition that is not empty. Topics by the cluster's names. */
  async of(topics: readonly string[]): Promise<PartitionEnd[]> {
    const cluster = await (this.connected ??= this.connect());
    await cluster.addMultipleTargetTopics([...topics]);
    await cluster.refreshMetadataIfNecessary();
    const [ends, begins] = await Promise.all([offsets(cluster, topics, false), offsets(cluster, topics, true)]);
    return [...ends].flatMap(([place, end]) => (begins.get(place)!.end < end.end ? [end] : []));
  }

  async close(): Promise<void> {
    await this.connected?.then((cluster) => cluster.disconnect()).catch(() => undefined);
  }

  private async connect(): Promise<Cluster> {
    const cluster = uncommitted(this.connection);
    try {
      await cluster.connect();
      return cluster;
    } catch (error) {
      this.connected = undefined;
      throw error;
    }
  }
}

/** The client lets whoever assigns partitions see its view of the cluster; the consumer itself is never started. */
const uncommitted = (connection: KafkaConnection): Cluster => {
  const seen: Cluster[] = [];
  const idle: PartitionAssigner = ({ cluster }) => {
    seen.push(cluster);
    return { name: 'idle', version: 0, protocol: () => ({ name: 'idle', metadata: NOTHING }), assign: async () => [] };
  };
  kafkaOf(connection).consumer({ groupId: 'ends', readUncommitted: true, partitionAssigners: [idle] });
  return seen[0]!;
};

const NOTHING = Buffer.alloc(0);

const offsets = async (
  cluster: Cluster,
  topics: readonly string[],
  fromBeginning: boolean,
): Promise<ReadonlyMap<string, PartitionEnd>> => {
  const asked = topics.map((topic) => {
    const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId }));
    return { topic, partitions, fromBeginning };
  });
  const found = new Map<string, PartitionEnd>();
  for (const { topic, partitions } of await cluster.fetchTopicsOffset(asked))
    for (const { partition, offset } of partitions)
      found.set(`${topic}/${partition}`, { topic, partition, end: Number(offset) });
  return found;
};
