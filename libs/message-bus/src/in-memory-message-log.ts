import { Fenced, type OutgoingMessage } from './message-bus.js';
import type { GroupOffset, LoggedMessage, MessageLog, PublisherGeneration } from './message-log.js';
import { DEFAULT_PARTITIONS } from './partition-of-key.js';

/** Keeps everything until the process ends. */
export class InMemoryMessageLog implements MessageLog {
  private readonly topics = new Map<string, LoggedMessage[][]>();
  private readonly offsets = new Map<string, number>();
  private readonly generations = new Map<string, number>();

  constructor(private readonly partitionsPerTopic: number = DEFAULT_PARTITIONS) {}

  partitions(): number {
    return this.partitionsPerTopic;
  }

  async append(
    messages: readonly OutgoingMessage[],
    partitions: readonly number[],
    publisher?: PublisherGeneration,
  ): Promise<void> {
    if (publisher && this.generations.get(publisher.name) !== publisher.generation) throw new Fenced(publisher.name);
    messages.forEach(({ topic, key, headers, value }, at) => {
      const partition = this.messagesOf(topic)[partitions[at]!]!;
      partition.push({ offset: partition.length, key, headers: { ...headers }, value });
    });
  }

  async openPublisher(name: string): Promise<PublisherGeneration> {
    const generation = (this.generations.get(name) ?? 0) + 1;
    this.generations.set(name, generation);
    return { name, generation };
  }

  read(topic: string, partition: number, from: number, limit: number): readonly LoggedMessage[] {
    return this.messagesOf(topic)[partition]!.slice(from, from + limit);
  }

  end(topic: string, partition: number): number {
    return this.messagesOf(topic)[partition]!.length;
  }

  offset(group: string, topic: string, partition: number): number {
    return this.offsets.get(`${group}/${topic}/${partition}`) ?? 0;
  }

  async save(offsets: readonly GroupOffset[]): Promise<void> {
    for (const { group, topic, partition, next } of offsets) {
      this.offsets.set(`${group}/${topic}/${partition}`, Math.max(next, this.offset(group, topic, partition)));
    }
  }

  async close(): Promise<void> {}

  private messagesOf(topic: string): LoggedMessage[][] {
    let messages = this.topics.get(topic);
    if (messages === undefined) {
      messages = Array.from({ length: this.partitionsPerTopic }, () => []);
      this.topics.set(topic, messages);
    }
    return messages;
  }
}
