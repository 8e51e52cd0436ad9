import { setTimeout as pause } from 'node:timers/promises';
import { subscriptionClosed, type SubscribeOptions, type Subscription } from '@rapport/message-bus';
import type { FormerMember } from './group-assigner.js';
import { GroupMember } from './group-member.js';
import { GroupReach } from './group-reach.js';
import { GroupShare } from './group-share.js';
import { isRefusal, kafkaUnavailable } from './kafka-problem.js';
import type { PartitionEnd } from './log-ends.js';
import type { SubscriptionContext } from './subscription-context.js';

const CAUGHT_UP_PAUSE = 20;
const TROUBLE_PAUSE = 1_000;
/** Before another member takes the place of one that the client gave up; doubles with each that comes to nothing. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 5_000;

/**
 * A place in a group, for as long as nobody closes it. The client gives a {@link GroupMember} up for many reasons, some of
 * which it takes for lasting while its brokers are merely away; whatever the reason, another member takes the place then.
 */
export class KafkaSubscription implements Subscription {
  private readonly group: string;
  private readonly topics: readonly string[];
  private readonly share: GroupShare;
  private readonly reach: GroupReach;
  private readonly joined = Promise.withResolvers<void>();
  private readonly closing = new AbortController();
  private member: GroupMember | undefined;
  private former: FormerMember | undefined;
  private closed: Promise<void> | undefined;

  constructor(
    private readonly options: SubscribeOptions,
    private readonly context: SubscriptionContext,
  ) {
    const { names, admin, logEnds } = context;
    this.group = names.outside(options.group);
    this.topics = options.topics.map(names.outside);
    this.share = new GroupShare(options, context, async (offsets) => this.member?.commit(offsets));
    this.reach = new GroupReach(logEnds, admin, this.group, this.topics);
    // Whoever subscribes hears of it; after that nobody does.
    this.joined.promise.catch(() => undefined);
  }

  /** Resolves once this member takes part. @throws DomainError unavailable: the brokers refuse what no waiting changes */
  async start(): Promise<void> {
    void this.attend();
    await this.joined.promise;
  }

  async caughtUp(): Promise<void> {
    let ahead: readonly PartitionEnd[] | undefined;
    for (;;) {
      if (this.closing.signal.aborted) throw subscriptionClosed(this.options.group);
      let wait = CAUGHT_UP_PAUSE;
      try {
        ahead = await this.stillAhead(ahead ?? (await this.reach.ends()));
      } catch (error) {
        this.trouble(error);
        wait = TROUBLE_PAUSE;
      }
      if (ahead?.length === 0) return;
      await pause(wait);
    }
  }

  close(): Promise<void> {
    return (this.closed ??= this.leave());
  }

  private async leave(): Promise<void> {
    this.closing.abort();
    this.joined.reject(subscriptionClosed(this.options.group));
    await this.member?.leave().catch((error: unknown) => this.trouble(error));
  }

  /** One member after the other. */
  private async attend(): Promise<void> {
    const { signal } = this.closing;
    let wait = FIRST_WAIT;
    while (!signal.aborted) {
      const begun = performance.now();
      const reason = await this.takePart();
      if (signal.aborted) return;
      this.trouble(reason);
      if (isRefusal(reason)) this.joined.reject(kafkaUnavailable(`let ${this.options.group} subscribe`, reason));
      wait = performance.now() - begun > 2 * LONGEST_WAIT ? FIRST_WAIT : wait;
      await pause(wait, undefined, { signal }).catch(() => undefined);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    }
  }

  /** Resolves with the client's reason for giving up. */
  private async takePart(): Promise<unknown> {
    const { group, topics, share } = this;
    const member = new GroupMember(
      { group, topics, share, former: () => this.former, joined: () => this.joined.resolve() },
      this.context,
    );
    this.member = member;
    const reason = await member.attend();
    if (member.id !== undefined) this.former = { memberId: member.id, left: () => (this.former = undefined) };
    return reason;
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

  private trouble(error: unknown): void {
    const { group, topics } = this.options;
    this.context.onTrouble({ kind: 'storage', group, topic: topics.join(', '), error });
  }
}
