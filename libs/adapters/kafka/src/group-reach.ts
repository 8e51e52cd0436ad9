import type { Admin } from 'kafkajs';
import type { LogEnds, PartitionEnd } from './log-ends.js';

/** How far partitions go, and how far a group has come in them, as the brokers know it. Topics by the cluster's names. */
export class GroupReach {
  constructor(
    private readonly logEnds: LogEnds,
    private readonly admin: () => Promise<Admin>,
    private readonly group: string,
    private readonly topics: readonly string[],
  ) {}

  /** Every partition that is not empty. */
  ends(): Promise<PartitionEnd[]> {
    return this.logEnds.of(this.topics);
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
