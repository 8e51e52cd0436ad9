import { subscriptionClosed, type SubscribeOptions, type Subscription } from '@rapport/message-bus';
import type { Consumer } from 'kafkajs';
import { FetchesUnderWay } from './fetches-under-way.js';
import { groupAssigner, type FormerMember } from './group-assigner.js';
import { GroupReach, type PartitionEnd } from './group-reach.js';
import { GroupShare } from './group-share.js';
import { kafkaOf } from './kafka-connection.js';
import { kafkaUnavailable } from './kafka-problem.js';
import type { SubscriptionContext } from './subscription-context.js';

/** Longest wait of a broker for new messages: a rebalance or a close is noticed no later. */
const LONGEST_FETCH = 300;
const CAUGHT_UP_PAUSE = 20;
const TROUBLE_PAUSE = 1_000;

/**
 * A member of a group. The client only fetches; its {@link GroupShare} handles what comes, each partition for itself, so
 * that a slow or failing one holds up neither the others nor the heartbeats. When the group is shared anew the handlers
 * finish, their offsets are committed, and only then does this member join again.
 */
export class KafkaSubscription implements Subscription {
  private readonly consumer: Consumer;
  private readonly share: GroupShare;
  private readonly reach: GroupReach;
  private readonly fetches = new FetchesUnderWay();
  private readonly joined = Promise.withResolvers<void>();
  /** Counts the shares, and the ends of them. */
  private generation = 0;
  private memberId: string | undefined;
  private former: FormerMember | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly options: SubscribeOptions,
    private readonly context: SubscriptionContext,
  ) {
    const { connection, names, session, admin } = context;
    const group = names.outside(options.group);
    this.share = new GroupShare(options, context, (offsets) => this.consumer.commitOffsets(offsets));
    this.reach = new GroupReach(admin, group, options.topics.map(names.outside));
    this.consumer = kafkaOf(connection).consumer({
      groupId: group,
      sessionTimeout: session,
      heartbeatInterval: session / 10,
      maxWaitTimeInMs: LONGEST_FETCH,
      allowAutoTopicCreation: false,
      partitionAssigners: [groupAssigner({ before: () => this.endShare(), former: () => this.former })],
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 },
    });
  }

  /** Resolves once this member takes part. @throws DomainError unavailable */
  async start(): Promise<void> {
    const topics = this.options.topics.map(this.context.names.outside);
    this.listen();
    try {
      await this.consumer.connect();
      await this.consumer.subscribe({ topics, fromBeginning: true });
      await this.consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        // All partitions at once: each waits for itself only.
        partitionsConsumedConcurrently: 1_024,
        eachBatch: (payload) => this.share.take(payload),
      });
    } catch (error) {
      throw kafkaUnavailable(`let ${this.options.group} subscribe`, error);
    }
    await this.joined.promise;
  }

  async caughtUp(): Promise<void> {
    let ahead: readonly PartitionEnd[] | undefined;
    for (;;) {
      if (this.closing !== undefined) throw subscriptionClosed(this.options.group);
      let pause = CAUGHT_UP_PAUSE;
      try {
        ahead = await this.stillAhead(ahead ?? (await this.reach.ends()));
      } catch (error) {
        this.storageTrouble(error);
        pause = TROUBLE_PAUSE;
      }
      if (ahead?.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  close(): Promise<void> {
    return (this.closing ??= this.leave());
  }

  private async leave(): Promise<void> {
    this.joined.reject(subscriptionClosed(this.options.group));
    await this.endShare();
    await this.consumer.disconnect().catch((error: unknown) => this.storageTrouble(error));
  }

  private listen(): void {
    const { consumer, fetches } = this;
    const { GROUP_JOIN, CRASH, FETCH_START, FETCH, END_BATCH_PROCESS } = consumer.events;
    // Whoever subscribes hears of it; after that nobody does.
    this.joined.promise.catch(() => undefined);
    consumer.on(GROUP_JOIN, ({ payload }) => this.beginShare(payload.memberId, payload.memberAssignment));
    consumer.on(CRASH, ({ payload }) => this.crashed(payload.error, payload.restart));
    consumer.on(FETCH_START, ({ payload }) => fetches.started(payload.nodeId));
    consumer.on(FETCH, ({ payload }) => fetches.finished(payload.nodeId));
    consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
      if (batchSize === 0) this.share.pass(topic, partition, Number(lastOffset) + 1);
    });
  }

  /**
   * What was fetched for an earlier share, and is still under way, could lie behind where the group has come to by now, or
   * ahead of it. The client drops what it gets for a paused partition.
   */
  private beginShare(memberId: string, assignment: Record<string, number[]>): void {
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
    this.memberId = memberId;
    if (this.closing === undefined) this.share.begin();
    this.joined.resolve();
  }

  private async endShare(): Promise<void> {
    this.generation += 1;
    await this.share.end();
  }

  private crashed(error: unknown, restarts: boolean): void {
    const { memberId } = this;
    this.generation += 1;
    if (memberId !== undefined) this.former = { memberId, left: () => (this.former = undefined) };
    if (this.closing !== undefined) return;
    this.storageTrouble(error);
    if (restarts) return;
    this.joined.reject(kafkaUnavailable(`let ${this.options.group} subscribe`, error));
    this.context.onCrash(error);
  }

  /** Of this member's partitions the share knows best; of the others what their members have committed. */
  private async stillAhead(partitions: readonly PartitionEnd[]): Promise<readonly PartitionEnd[]> {
    const here: PartitionEnd[] = [];
    const elsewhere: PartitionEnd[] = [];
    for (const ahead of partitions) {
      const position = this.share.position(ahead.topic, ahead.partition);
      if (position === undefined) elsewhere.push(ahead);
      else if (position < ahead.end) here.push(ahead);
    }
    return elsewhere.length === 0 ? here : [...here, ...(await this.reach.unreached(elsewhere))];
  }

  private storageTrouble(error: unknown): void {
    const { group, topics } = this.options;
    this.context.onTrouble({ kind: 'storage', group, topic: topics.join(', '), error });
  }
}
