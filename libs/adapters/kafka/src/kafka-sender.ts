import { Partitioners, type Producer, type TopicMessages } from 'kafkajs';
import { kafkaOf, type KafkaConnection } from './kafka-connection.js';
import { kafkaUnavailable, messageTooLarge, protocolErrorOf, topicMissing } from './kafka-problem.js';

const PAUSE = 200;

/**
 * Sends one batch after the other with an idempotent producer, trying again for a bounded time.
 *
 * A failed batch leaves the producer's sequence numbers as they were, so what is sent next must be the same batch: with
 * another one of the same length the broker could take it for a repetition and drop it. Hence one at a time, and a new
 * producer after a batch that was given up.
 */
export class KafkaSender {
  private producer: Promise<Producer> | undefined;
  private closed = false;

  constructor(
    private readonly connection: KafkaConnection,
    /** Milliseconds for which a batch is tried. */
    private readonly patience: number,
  ) {}

  /** @throws DomainError unavailable | `message-too-large` | `topic-missing` */
  async send(topicMessages: TopicMessages[]): Promise<void> {
    const giveUpAt = performance.now() + this.patience;
    for (;;) {
      try {
        const producer = await (this.producer ??= this.connect());
        await producer.sendBatch({ acks: -1, topicMessages });
        return;
      } catch (error) {
        const refusal = refusalOf(error, topicMessages);
        const givenUp = this.closed || performance.now() > giveUpAt;
        if (refusal !== undefined || givenUp || !mayGoOn(error)) this.renew();
        if (refusal !== undefined) throw refusal;
        if (givenUp) throw kafkaUnavailable('take what was published', error);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.producer?.then(disconnect, () => undefined);
  }

  private async connect(): Promise<Producer> {
    const producer = kafkaOf(this.connection).producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  }

  private renew(): void {
    void this.producer?.then(disconnect, () => undefined);
    this.producer = undefined;
  }
}

const disconnect = (producer: Producer): Promise<void> => producer.disconnect().catch(() => undefined);

/** What no further try can change. */
const refusalOf = (error: unknown, batch: readonly TopicMessages[]): Error | undefined => {
  switch (protocolErrorOf(error)) {
    case 'MESSAGE_TOO_LARGE':
    case 'RECORD_LIST_TOO_LARGE':
      return messageTooLarge(error);
    case 'UNKNOWN_TOPIC_OR_PARTITION':
      return topicMissing(batch.map(({ topic }) => topic));
    default:
      return undefined;
  }
};

/** The producer is sound, its broker was not there. */
const mayGoOn = (error: unknown): boolean => error instanceof Error && error.name === 'KafkaJSNumberOfRetriesExceeded';
