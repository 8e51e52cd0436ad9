import type { OutgoingMessage } from './message-bus.js';

/** A message in its partition. Offsets grow within the partition and may have gaps. */
export interface LoggedMessage {
  readonly offset: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** How far a group has come: everything before `next` is handled. */
export interface GroupOffset {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}

/** The how manieth publisher of its name this is: only the newest may append. */
export interface PublisherGeneration {
  readonly name: string;
  readonly generation: number;
}

/**
 * Partitioned logs plus the groups' offsets: all that {@link LocalMessageBus} needs of a storage engine.
 * Only one bus in one process uses a log at a time.
 */
export interface MessageLog {
  /** Number of partitions of a topic; never changes once the topic holds messages. */
  partitions(topic: string): number;

  /**
   * Resolves when durable; `partitions[i]` is the partition of `messages[i]`. Calls take effect in the order they are made,
   * each as a whole or not at all. @throws Fenced when given a generation that is not the newest of its name
   */
  append(
    messages: readonly OutgoingMessage[],
    partitions: readonly number[],
    publisher?: PublisherGeneration,
  ): Promise<void>;

  /** Counts up the generation of a publisher's name; resolves when durable. */
  openPublisher(name: string): Promise<PublisherGeneration>;

  /** The oldest `limit` messages at or after an offset, in order. */
  read(topic: string, partition: number, from: number, limit: number): readonly LoggedMessage[];

  /** An offset behind the last message of a partition, 0 when there is none. */
  end(topic: string, partition: number): number;

  /** Where the group goes on, 0 when it is new. */
  offset(group: string, topic: string, partition: number): number;

  /**
   * Resolves when durable. An offset never moves back. From its first save on, the log knows the group and keeps what
   * it has not handled.
   */
  save(offsets: readonly GroupOffset[]): Promise<void>;

  close(): Promise<void>;
}
