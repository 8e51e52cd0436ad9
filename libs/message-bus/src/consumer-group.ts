import type { PartitionWorker } from './partition-worker.js';

/** One subscription in a group. */
export interface GroupMember {
  readonly topics: readonly string[];
  /** A worker for a partition that this member takes over, from where the group has come to. */
  readonly start: (topic: string, partition: number) => PartitionWorker;
}

interface Owned {
  readonly member: GroupMember;
  readonly worker: PartitionWorker;
}

/**
 * Shares the partitions of a group's topics among its members; each partition has one worker at a time. When members
 * come or go, workers of partitions that move are stopped first (message in hand finished, offsets saved), then the new
 * owners start, so that nothing is handled twice at once.
 */
export class ConsumerGroup {
  private readonly members: GroupMember[] = [];
  private readonly owned = new Map<string, (Owned | undefined)[]>();
  private sharing: Promise<void> = Promise.resolve();

  constructor(
    private readonly partitions: (topic: string) => number,
    /** Saves the offsets of stopped workers before others take over. Never rejects. */
    private readonly saved: () => Promise<void>,
  ) {}

  /** Resolves once the partitions are shared anew. */
  join(member: GroupMember): Promise<void> {
    this.members.push(member);
    return this.share();
  }

  async leave(member: GroupMember): Promise<void> {
    const at = this.members.indexOf(member);
    if (at >= 0) this.members.splice(at, 1);
    await this.share();
  }

  /** A message was added to a partition. */
  wake(topic: string, partition: number): void {
    this.owned.get(topic)?.[partition]?.worker.wake();
  }

  /** How far a partition's worker has come; undefined while it has none. */
  next(topic: string, partition: number): number | undefined {
    return this.owned.get(topic)?.[partition]?.worker.next;
  }

  private share(): Promise<void> {
    const shareNow = (): Promise<void> => this.shareNow();
    this.sharing = this.sharing.then(shareNow, shareNow);
    return this.sharing;
  }

  private async shareNow(): Promise<void> {
    const stops: Promise<void>[] = [];
    for (const [topic, partitions] of this.owned) {
      partitions.forEach((owned, partition) => {
        if (owned === undefined || owned.member === this.ownerOf(topic, partition)) return;
        partitions[partition] = undefined;
        stops.push(owned.worker.stop());
      });
    }
    if (stops.length > 0) {
      await Promise.all(stops);
      await this.saved();
    }
    for (const topic of new Set(this.members.flatMap((member) => member.topics))) this.startTopic(topic);
  }

  private startTopic(topic: string): void {
    const partitions = this.owned.get(topic) ?? new Array<Owned | undefined>(this.partitions(topic)).fill(undefined);
    this.owned.set(topic, partitions);
    for (let partition = 0; partition < partitions.length; partition += 1) {
      const member = this.ownerOf(topic, partition);
      if (member === undefined || partitions[partition] !== undefined) continue;
      const worker = member.start(topic, partition);
      partitions[partition] = { member, worker };
      worker.wake();
    }
  }

  /** Round robin over the members that asked for the topic, in the order they joined. */
  private ownerOf(topic: string, partition: number): GroupMember | undefined {
    const candidates = this.members.filter((member) => member.topics.includes(topic));
    return candidates[partition % candidates.length];
  }
}
