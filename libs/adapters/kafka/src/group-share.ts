import { DEFAULT_RETRY, type Message, type SubscribeOptions } from '@rapport/message-bus';
import type { EachBatchPayload, TopicPartitionOffset } from 'kafkajs';
import { OffsetCommits } from './offset-commits.js';
import { PartitionFeed } from './partition-feed.js';
import type { SubscriptionContext } from './subscription-context.js';

/**
 * The partitions that a member of a group has at the moment, and what it does with them. Between two shares nothing is
 * taken in. Topics by the cluster's names.
 */
export class GroupShare {
  private readonly feeds = new Map<string, PartitionFeed>();
  private readonly commits: OffsetCommits;
  private held = false;

  constructor(
    private readonly options: SubscribeOptions,
    private readonly context: SubscriptionContext,
    private readonly commit: (offsets: TopicPartitionOffset[]) => Promise<void>,
  ) {
    this.commits = new OffsetCommits(
      options.group,
      (feeds) => this.commit(feeds.map(this.offsetOf)),
      context.onTrouble,
    );
  }

  /** The group was shared anew. */
  begin(): void {
    this.held = true;
  }

  /** Lets the messages in hand be finished and says how far the group has come. */
  async end(): Promise<void> {
    this.held = false;
    await Promise.all([...this.feeds.values()].map((feed) => feed.stop()));
    await this.commits.flush();
    this.commits.forget();
    this.feeds.clear();
  }

  /** Resolves once the next batch of the partition may be fetched. */
  async take(fetched: EachBatchPayload): Promise<void> {
    if (!this.held) return;
    const { batch } = fetched;
    const feed = this.feedOf(batch.topic, batch.partition, Number(batch.firstOffset()));
    feed.offer(batch);
    fetched.resolveOffset(batch.lastOffset());
    await feed.room(() => fetched.pause());
  }

  /** There were no messages up to this offset: ends of transactions, which the group has to come past to be caught up. */
  pass(topic: string, partition: number, end: number): void {
    if (!this.held) return;
    const feed = this.feedOf(topic, partition, end);
    feed.passed(end);
    this.commits.progressed(feed);
  }

  /** How far a partition has come; undefined while nothing of it was given to this member. */
  position(topic: string, partition: number): number | undefined {
    return this.feeds.get(placeOf(topic, partition))?.position;
  }

  private feedOf(topic: string, partition: number, from: number): PartitionFeed {
    const place = placeOf(topic, partition);
    let feed = this.feeds.get(place);
    if (feed === undefined) this.feeds.set(place, (feed = this.newFeed(topic, partition, from)));
    return feed;
  }

  private newFeed(topic: string, partition: number, from: number): PartitionFeed {
    const { group, handle, retry } = this.options;
    const { names, park, onTrouble } = this.context;
    const work = {
      group,
      topic: names.inside(topic) ?? topic,
      partition,
      from,
      handle,
      retry: { ...DEFAULT_RETRY, ...retry },
      park: (message: Message, error: unknown) => park(message, group, error),
      onTrouble,
    };
    return new PartitionFeed(work, this.commits.progressed);
  }

  private readonly offsetOf = ({ position, worker: { work } }: PartitionFeed): TopicPartitionOffset => ({
    topic: this.context.names.outside(work.topic),
    partition: work.partition,
    offset: String(position),
  });
}

const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;
