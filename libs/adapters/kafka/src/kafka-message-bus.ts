import { DomainError } from '@rapport/kernel';
import {
  parkedMessage,
  type Message,
  type MessageBus,
  type OnTrouble,
  type OutgoingMessage,
  type Publisher,
  type SubscribeOptions,
  type Subscription,
} from '@rapport/message-bus';
import type { Admin } from 'kafkajs';
import { kafkaOf, type KafkaConnection } from './kafka-connection.js';
import { KafkaNames } from './kafka-names.js';
import { kafkaUnavailable } from './kafka-problem.js';
import { KafkaPublisher } from './kafka-publisher.js';
import { recordsOf } from './kafka-records.js';
import { KafkaSender } from './kafka-sender.js';
import { KafkaSubscription } from './kafka-subscription.js';
import { KnownTopics } from './known-topics.js';
import { LogEnds } from './log-ends.js';
import { PublishQueue } from './publish-queue.js';
import type { SubscriptionContext } from './subscription-context.js';

export interface KafkaMessageBusOptions extends KafkaConnection {
  readonly onTrouble?: OnTrouble;
  /** Milliseconds for which publishing waits for brokers that do not answer. Default 30,000. */
  readonly patience?: number;
  /** Milliseconds after which a group goes on without a member that is not heard of, at least the brokers' 6,000. Default 8,000. */
  readonly session?: number;
}

/** The bus over a Kafka cluster; its topics are created beforehand, see {@link createTopics}. */
export class KafkaMessageBus implements MessageBus {
  private readonly names: KafkaNames;
  private readonly topics: KnownTopics;
  private readonly sender: KafkaSender;
  private readonly queue: PublishQueue;
  private readonly subscriptions = new Set<KafkaSubscription>();
  private readonly publishers = new Set<Publisher>();
  private readonly logEnds: LogEnds;
  private readonly context: SubscriptionContext;
  private connectedAdmin: Promise<Admin> | undefined;
  private closed: Promise<void> | undefined;

  constructor(private readonly options: KafkaMessageBusOptions) {
    this.names = new KafkaNames(options.namespace);
    this.topics = new KnownTopics(this.names, () => this.admin());
    this.sender = new KafkaSender(options, options.patience ?? 30_000);
    this.queue = new PublishQueue((messages) => this.send(messages));
    this.logEnds = new LogEnds(options);
    this.context = {
      connection: options,
      names: this.names,
      session: options.session ?? 8_000,
      admin: () => this.admin(),
      logEnds: this.logEnds,
      park: (message, group, error) => this.park(message, group, error),
      onTrouble: options.onTrouble ?? (() => undefined),
    };
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    this.refuseWhenClosed();
    await this.append(messages);
  }

  async publisher(name: string): Promise<Publisher> {
    this.refuseWhenClosed();
    const publisher = await KafkaPublisher.open(name, this.options, this.names, this.topics);
    this.publishers.add(publisher);
    if (this.closed !== undefined) await publisher.close();
    return {
      publish: (messages) => publisher.publish(messages),
      close: () => publisher.close().finally(() => this.publishers.delete(publisher)),
    };
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    this.refuseWhenClosed();
    await this.topics.look(options.topics);
    this.refuseWhenClosed();
    const subscription = new KafkaSubscription(options, this.context);
    this.subscriptions.add(subscription);
    const close = (): Promise<void> => subscription.close().finally(() => this.subscriptions.delete(subscription));
    try {
      await subscription.start();
    } catch (error) {
      await close();
      throw error;
    }
    return { caughtUp: () => subscription.caughtUp(), close };
  }

  /** What answers, for people: the protocol as the client speaks it does not tell the brokers' version. */
  async describe(): Promise<string> {
    const { clusterId, brokers } = await (await this.admin()).describeCluster();
    return `Kafka cluster ${clusterId}, ${brokers.length} broker${brokers.length === 1 ? '' : 's'}`;
  }

  close(): Promise<void> {
    return (this.closed ??= this.closeAll());
  }

  /** Consumers first: what they have in hand may still be parked. */
  private async closeAll(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
    await Promise.all([...this.publishers].map((publisher) => publisher.close()));
    await this.queue.drained();
    await this.sender.close();
    await this.logEnds.close();
    await this.connectedAdmin?.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  private async append(messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    if (!this.topics.cover(messages)) await this.topics.look(messages.map(({ topic }) => topic));
    await this.queue.add(messages);
  }

  private async send(messages: readonly OutgoingMessage[]): Promise<void> {
    try {
      await this.sender.send(recordsOf(messages, this.names.outside));
    } catch (error) {
      this.topics.forget();
      throw error;
    }
  }

  private park(message: Message, group: string, error: unknown): Promise<void> {
    return this.append([parkedMessage(message, group, error)]);
  }

  private admin(): Promise<Admin> {
    return (this.connectedAdmin ??= this.connectAdmin());
  }

  private async connectAdmin(): Promise<Admin> {
    const admin = kafkaOf(this.options).admin();
    try {
      await admin.connect();
      return admin;
    } catch (error) {
      this.connectedAdmin = undefined;
      throw kafkaUnavailable('be reached', error);
    }
  }

  private refuseWhenClosed(): void {
    if (this.closed === undefined) return;
    throw new DomainError('unavailable', 'bus-closed', 'The message bus is closed: this process is shutting down.');
  }
}

/** Opens the bus; nothing is connected before it is needed. */
export const openKafkaMessageBus = (options: KafkaMessageBusOptions): KafkaMessageBus => new KafkaMessageBus(options);
