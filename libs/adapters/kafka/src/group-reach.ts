import type { Admin } from 'kafkajs';

/** A partition that holds messages. */
export interface PartitionEnd {
  readonly topic: string;
  readonly partition: number;
  /** Offset behind its last record. */
  readonly end: number;
}

/** How far partitions go, and how far a group has come in them, as the brokers know it. Topics by the cluster's names. */
export class GroupReach {
  constructor(
    private readonly admin: () => Promise<Admin>,
    private readonly group: string,
    private readonly topics: readonly string[],
  ) {}

  /** Every partition that is not empty. */
  async ends(): Promise<PartitionEnd[]> {
    const admin = await this.admin();
    const ends = this.topics.map(async (topic) =>
      (await admin.fetchTopicOffsets(topic))
        .filter(({ low, high }) => Number(low) < Number(high))
        .map(({ partition, high }) => ({ topic, partition, end: Number(high) })),
    );
    return (await Promise.all(ends)).flat();
  }

  /** Those of the partitions that the group has not handled to their end. */
  async unreached(partitions: readonly PartitionEnd[]): Promise<PartitionEnd[]> {
    const admin = await this.admin();
    const topics = [...new Set(partitions.map(({ topic }) => topic))];
    const committed = await admin.fetchOffsets({ groupId: this.group, topics });
    const next = new Map(
      committed.flatMap(({ topic, partitions: of }) =>
        of.map(({ partition, offset }) => [`${topic}/${partition}`, Number(offset)]),
      ),
    );
    return partitions.filter(({ topic, partition, end }) => (next.get(`${topic}/${partition}`) ?? -1) < end);
  }
}
