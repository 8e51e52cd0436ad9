import type { Consumer, TopicPartitionOffset } from 'kafkajs';
import { FetchesUnderWay } from './fetches-under-way.js';
import { groupAssigner, type FormerMember } from './group-assigner.js';
import type { GroupShare } from './group-share.js';
import { kafkaOf } from './kafka-connection.js';
import type { SubscriptionContext } from './subscription-context.js';

/** Longest wait of a broker for new messages: a rebalance or a close is noticed no later. */
const LONGEST_FETCH = 300;

export interface Membership {
  /** By the cluster's names. */
  readonly group: string;
  readonly topics: readonly string[];
  readonly share: GroupShare;
  /** Who took this member's place before, as long as the group may wait for it. */
  readonly former: () => FormerMember | undefined;
  readonly joined: () => void;
}

/**
 * A member of a group, from its joining until it leaves or the client gives it up. The client only fetches; the
 * {@link GroupShare} handles what comes. When the group is shared anew the handlers finish, their offsets are committed, and
 * only then does this member join again.
 */
export class GroupMember {
  private readonly consumer: Consumer;
  private readonly fetches = new FetchesUnderWay();
  private readonly over = Promise.withResolvers<unknown>();
  private done = false;
  /** Counts the shares, and the ends of them. */
  private generation = 0;
  private memberId: string | undefined;

  constructor(
    private readonly membership: Membership,
    { connection, session }: SubscriptionContext,
  ) {
    const { group, former } = membership;
    this.consumer = kafkaOf(connection).consumer({
      groupId: group,
      sessionTimeout: session,
      heartbeatInterval: session / 10,
      maxWaitTimeInMs: LONGEST_FETCH,
      allowAutoTopicCreation: false,
      partitionAssigners: [groupAssigner({ before: () => this.beforeJoining(), former })],
      // The client would begin again only after some failures, and with what it knew before.
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4, restartOnFailure: async () => false },
    });
    this.listen();
  }

  /** As whom the group knows it, once it does. */
  get id(): string | undefined {
    return this.memberId;
  }

  /** Takes part. Resolves with the client's reason for giving up, and with undefined once it left. */
  async attend(): Promise<unknown> {
    const { consumer, membership } = this;
    const topics = [...membership.topics];
    const steps = [
      () => consumer.connect(),
      () => consumer.subscribe({ topics, fromBeginning: true }),
      () => this.run(),
    ];
    try {
      for (const step of steps) if (!this.done) await step();
    } catch (error) {
      this.end(error);
    }
    const reason = await this.over.promise;
    await consumer.disconnect().catch(() => undefined);
    return reason;
  }

  /** How far its partitions have come. */
  commit(offsets: TopicPartitionOffset[]): Promise<void> {
    return this.consumer.commitOffsets(offsets);
  }

  /** Finishes what is in hand and leaves the group. */
  async leave(): Promise<void> {
    await this.endShare();
    this.end(undefined);
    await this.consumer.disconnect();
  }

  private run(): Promise<void> {
    return this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // All partitions at once: each waits for itself only.
      partitionsConsumedConcurrently: 1_024,
      eachBatch: async (payload) => {
        if (!this.done) await this.membership.share.take(payload);
      },
    });
  }

  private listen(): void {
    const { consumer, fetches } = this;
    const { GROUP_JOIN, CRASH, FETCH_START, FETCH, END_BATCH_PROCESS } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) => this.beginShare(payload.memberId, payload.memberAssignment));
    consumer.on(CRASH, ({ payload }) => this.end(payload.error));
    consumer.on(FETCH_START, ({ payload }) => fetches.started(payload.nodeId));
    consumer.on(FETCH, ({ payload }) => fetches.finished(payload.nodeId));
    consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
      if (batchSize === 0 && !this.done) this.membership.share.pass(topic, partition, Number(lastOffset) + 1);
    });
  }

  /**
   * What was fetched for an earlier share, and is still under way, could lie behind where the group has come to by now, or
   * ahead of it. The client drops what it gets for a paused partition.
   */
  private beginShare(memberId: string, assignment: Record<string, number[]>): void {
    this.memberId = memberId;
    if (this.done) return;
    const { consumer, fetches } = this;
    const generation = (this.generation += 1);
    const partitions = Object.entries(assignment).map(([topic, numbers]) => ({ topic, partitions: numbers }));
    const { over } = fetches;
    if (over === undefined) {
      consumer.resume(partitions);
    } else {
      consumer.pause(partitions);
      void over.then(() => generation === this.generation && consumer.resume(partitions));
    }
    this.membership.share.begin();
    this.membership.joined();
  }

  /** The client may be about to join while it is told to stop: the share is another member's by then. */
  private async beforeJoining(): Promise<void> {
    if (this.done) throw new Error(`This member of ${this.membership.group} has left.`);
    await this.endShare();
  }

  private async endShare(): Promise<void> {
    this.generation += 1;
    await this.membership.share.end();
  }

  private end(reason: unknown): void {
    this.done = true;
    this.generation += 1;
    this.over.resolve(reason);
  }
}
