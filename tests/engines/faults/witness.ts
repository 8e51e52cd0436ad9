import { createTopics, openKafkaMessageBus } from '@rapport/kafka';
import { deadLetterTopic, type Message, type MessageBus } from '@rapport/message-bus';
import type { CloudEvent } from '@rapport/processing';

/** How often each event was delivered to a consumer, and what it came to. */
export interface Witnessed {
  /** Sequences as they came, by key. */
  readonly delivered: ReadonlyMap<string, readonly string[]>;
  /** Event ids as they were applied, by key: once each, because what is not newer than the last one is passed over. */
  readonly applied: ReadonlyMap<string, readonly string[]>;
}

const TOPIC = 'rapport.contacts.v1';

/** A consumer as an integrator would write it, alive through all faults. It remembers per key how far it has come. */
export class Witness implements Witnessed, AsyncDisposable {
  readonly delivered = new Map<string, string[]>();
  readonly applied = new Map<string, string[]>();

  private constructor(
    private readonly bus: MessageBus,
    private readonly slowness: number,
  ) {}

  /** @param slowness milliseconds that it takes for each message */
  static async begin(brokers: string, namespace: string, group = 'witness', slowness = 0): Promise<Witness> {
    const connection = { brokers: brokers.split(','), clientId: group, namespace };
    await createTopics(connection, [{ topic: deadLetterTopic(TOPIC, group), partitions: 1 }]);
    const bus = openKafkaMessageBus(connection);
    const witness = new Witness(bus, slowness);
    witness.subscription = await bus.subscribe({ group, topics: [TOPIC], handle: (message) => witness.take(message) });
    return witness;
  }

  private subscription!: Awaited<ReturnType<MessageBus['subscribe']>>;

  caughtUp(): Promise<void> {
    return this.subscription.caughtUp();
  }

  async end(): Promise<void> {
    await this.subscription.close();
    await this.bus.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  private async take({ key, value }: Message): Promise<void> {
    const { id, sequence, specversion } = JSON.parse(value) as CloudEvent;
    if (specversion === undefined) throw new Error('That is no event.');
    if (this.slowness > 0) await new Promise((resolve) => setTimeout(resolve, this.slowness));
    const delivered = listIn(this.delivered, key);
    const isNew = delivered.every((before) => before < sequence);
    delivered.push(sequence);
    if (isNew) listIn(this.applied, key).push(id);
  }
}

const listIn = (lists: Map<string, string[]>, key: string): string[] => {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
};
