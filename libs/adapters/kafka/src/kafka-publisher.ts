import { DomainError } from '@rapport/kernel';
import { Fenced, publisherClosed, type OutgoingMessage, type Publisher } from '@rapport/message-bus';
import { Partitioners, type Producer, type Transaction } from 'kafkajs';
import { batchesOf } from './batches.js';
import { kafkaOf, type KafkaConnection } from './kafka-connection.js';
import type { KafkaNames } from './kafka-names.js';
import { kafkaUnavailable, messageTooLarge, protocolErrorOf } from './kafka-problem.js';
import { recordsOf } from './kafka-records.js';
import type { KnownTopics } from './known-topics.js';

/** Brokers end a transaction whose publisher is gone after this time; readers wait for that. */
const TRANSACTION_TIMEOUT = 15_000;
/** Short at first: right after a transaction the broker asks for a moment's patience. */
const RETRY = { initialRetryTime: 5, maxRetryTime: 1_000, multiplier: 2, factor: 0.2, retries: 12 };
const OUTDATED = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING']);
/** Only somebody else can have ended, or be about to end, a transaction that its owner is about to end. */
const ENDED_BY_OTHERS = new Set([...OUTDATED, 'INVALID_TXN_STATE', 'CONCURRENT_TRANSACTIONS']);

/** Each call is a transaction under the publisher's name; the broker knows the newest publisher by its epoch. */
export class KafkaPublisher implements Publisher {
  private last: Promise<unknown> = Promise.resolve();
  private over: Error | undefined;

  private constructor(
    private readonly name: string,
    private readonly producer: Producer,
    private readonly names: KafkaNames,
    private readonly topics: KnownTopics,
  ) {}

  static async open(
    name: string,
    connection: KafkaConnection,
    names: KafkaNames,
    topics: KnownTopics,
  ): Promise<KafkaPublisher> {
    const producer = kafkaOf(connection).producer({
      transactionalId: names.outside(name),
      transactionTimeout: TRANSACTION_TIMEOUT,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: RETRY,
    });
    try {
      await producer.connect();
      // The first transaction brings the epoch that fences all earlier publishers; it need not hold anything.
      await (await producer.transaction()).abort();
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw kafkaUnavailable(`open the publisher ${name}`, error);
    }
    return new KafkaPublisher(name, producer, names, topics);
  }

  publish(messages: readonly OutgoingMessage[]): Promise<void> {
    const published = this.last.then(() => this.publishNow(messages));
    this.last = published.catch(() => undefined);
    return published;
  }

  async close(): Promise<void> {
    this.over ??= publisherClosed(this.name);
    await this.last;
    await this.producer.disconnect().catch(() => undefined);
  }

  private async publishNow(messages: readonly OutgoingMessage[]): Promise<void> {
    if (this.over !== undefined) throw this.over;
    if (messages.length === 0) return;
    if (!this.topics.cover(messages)) await this.topics.look(messages.map(({ topic }) => topic));
    const begunAt = performance.now();
    const transaction = await this.begin();
    try {
      for (const batch of batchesOf(messages)) {
        await transaction.sendBatch({ acks: -1, topicMessages: recordsOf(batch.messages, this.names.outside) });
      }
    } catch (error) {
      await this.end(() => transaction.abort(), begunAt);
      throw this.problemOf(error);
    }
    await this.end(() => transaction.commit(), begunAt);
  }

  private async begin(): Promise<Transaction> {
    try {
      return await this.producer.transaction();
    } catch (error) {
      throw kafkaUnavailable(`begin to take what ${this.name} publishes`, error);
    }
  }

  /** Once the broker could not be told how a transaction ends, the client can do nothing more with this producer. */
  private async end(commitOrAbort: () => Promise<void>, begunAt: number): Promise<void> {
    try {
      await commitOrAbort();
    } catch (error) {
      const timedOut = performance.now() - begunAt > TRANSACTION_TIMEOUT;
      const fenced = !timedOut && ENDED_BY_OTHERS.has(protocolErrorOf(error) ?? '');
      throw (this.over = fenced ? new Fenced(this.name, error) : this.lost(error));
    }
  }

  private problemOf(error: unknown): Error {
    const type = protocolErrorOf(error) ?? '';
    if (OUTDATED.has(type)) return (this.over = new Fenced(this.name, error));
    if (type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE') return messageTooLarge(error);
    return kafkaUnavailable(`take what ${this.name} published`, error);
  }

  private lost(cause: unknown): DomainError {
    return new DomainError(
      'unavailable',
      'publisher-lost',
      `The publisher ${this.name} does not know what became of its last messages. Close it and open another.`,
      { cause, retryAfterSeconds: 1 },
    );
  }
}
