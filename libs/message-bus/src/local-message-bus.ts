import { DomainError } from '@rapport/kernel';
import { CatchingUp, subscriptionClosed } from './catching-up.js';
import { ConsumerGroup, type GroupMember } from './consumer-group.js';
import { GroupProgress } from './group-progress.js';
import type { MessageBus, OutgoingMessage, Publisher, SubscribeOptions, Subscription } from './message-bus.js';
import { LocalPublisher } from './local-publisher.js';
import type { GroupOffset, MessageLog, PublisherGeneration } from './message-log.js';
import { parkedMessage } from './parked-message.js';
import { partitionOfKey } from './partition-of-key.js';
import { PartitionWorker } from './partition-worker.js';
import { DEFAULT_RETRY } from './retry-policy.js';
import type { OnTrouble } from './trouble.js';

/** A bus within one process over a {@link MessageLog}: consumers are woken by the publisher, nothing polls. */
export class LocalMessageBus implements MessageBus {
  private readonly groups = new Map<string, ConsumerGroup>();
  private readonly progress: GroupProgress;
  private readonly catchingUp = new CatchingUp();
  private readonly members = new Map<GroupMember, ConsumerGroup>();
  private closed: Promise<void> | undefined;

  constructor(
    private readonly log: MessageLog,
    private readonly onTrouble: OnTrouble = () => undefined,
  ) {
    this.progress = new GroupProgress(log, onTrouble);
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    this.refuseWhenClosed();
    await this.append(messages);
  }

  async publisher(name: string): Promise<Publisher> {
    this.refuseWhenClosed();
    const generation = await this.log.openPublisher(name);
    return new LocalPublisher(name, async (messages) => {
      this.refuseWhenClosed();
      await this.append(messages, generation);
    });
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    this.refuseWhenClosed();
    const group = this.groupOf(options.group);
    const member: GroupMember = {
      topics: options.topics,
      start: (topic, partition) => this.startWorker(options, topic, partition),
    };
    this.members.set(member, group);
    await this.introduce(options);
    this.refuseWhenClosed();
    await group.join(member);
    return { caughtUp: () => this.caughtUp(options, member), close: () => this.leave(member) };
  }

  close(): Promise<void> {
    return (this.closed ??= this.leaveAll());
  }

  private async leaveAll(): Promise<void> {
    await Promise.all([...this.members.keys()].map((member) => this.leave(member)));
    await this.progress.save();
    await this.log.close();
  }

  private async caughtUp({ group, topics }: SubscribeOptions, member: GroupMember): Promise<void> {
    if (!this.members.has(member)) throw subscriptionClosed(group);
    const workers = this.members.get(member)!;
    const ahead = topics.flatMap((topic) =>
      Array.from({ length: this.log.partitions(topic) }, (_, partition) => ({
        topic,
        partition,
        end: this.log.end(topic, partition),
        next: workers.next(topic, partition) ?? this.log.offset(group, topic, partition),
      })),
    );
    await this.catchingUp.wait(group, member, ahead);
  }

  private async leave(member: GroupMember): Promise<void> {
    this.catchingUp.giveUp(member);
    await this.members.get(member)?.leave(member);
    this.members.delete(member);
  }

  private async append(messages: readonly OutgoingMessage[], publisher?: PublisherGeneration): Promise<void> {
    const partitions = messages.map(({ topic, key }) => partitionOfKey(key, this.log.partitions(topic)));
    await this.log.append(messages, partitions, publisher);
    for (const group of this.groups.values()) {
      for (let at = 0; at < messages.length; at += 1) group.wake(messages[at]!.topic, partitions[at]!);
    }
  }

  /** Makes the group known to the log, so that retention waits for it even before it has handled anything. */
  private introduce({ group, topics }: SubscribeOptions): Promise<void> {
    const newcomer = (topic: string): GroupOffset[] =>
      Array.from({ length: this.log.partitions(topic) }, (_, partition) => ({ group, topic, partition, next: 0 }));
    return this.log.save(topics.flatMap(newcomer));
  }

  private startWorker(options: SubscribeOptions, topic: string, partition: number): PartitionWorker {
    const { group, handle } = options;
    return new PartitionWorker({
      group,
      topic,
      partition,
      handle,
      from: this.log.offset(group, topic, partition),
      retry: { ...DEFAULT_RETRY, ...options.retry },
      read: (from, limit) => this.log.read(topic, partition, from, limit),
      park: (message, error) => this.append([parkedMessage(message, group, error)]),
      progressed: (worker) => {
        this.progress.progressed(worker);
        this.catchingUp.progressed(worker);
      },
      onTrouble: this.onTrouble,
    });
  }

  private groupOf(name: string): ConsumerGroup {
    let group = this.groups.get(name);
    if (group === undefined) {
      group = new ConsumerGroup(
        (topic) => this.log.partitions(topic),
        () => this.progress.save(),
      );
      this.groups.set(name, group);
    }
    return group;
  }

  private refuseWhenClosed(): void {
    if (this.closed === undefined) return;
    throw new DomainError('unavailable', 'bus-closed', 'The message bus is closed: this process is shutting down.');
  }
}
