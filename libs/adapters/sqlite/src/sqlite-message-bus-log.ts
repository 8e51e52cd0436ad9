import type { Clock } from '@rapport/kernel';
import {
  Fenced,
  type GroupOffset,
  type LoggedMessage,
  type MessageLog,
  type OutgoingMessage,
  type PublisherGeneration,
} from '@rapport/message-bus';
import type { SqliteDatabase } from './database.js';

const APPEND = `INSERT INTO messages (topic, partition, offset, published_at, key, headers, value) VALUES (?, ?, ?, ?, ?, ?, ?)`;
const READ = `
  SELECT offset, key, headers, value FROM messages
  WHERE topic = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ?`;
const SAVE = `
  INSERT INTO offsets (grp, topic, partition, next) VALUES (?, ?, ?, ?)
  ON CONFLICT (grp, topic, partition) DO UPDATE SET next = max(next, excluded.next)`;
const LAST = `SELECT max(offset) AS last FROM messages WHERE topic = ? AND partition = ?`;
const OFFSET = `SELECT next FROM offsets WHERE grp = ? AND topic = ? AND partition = ?`;
const GENERATION = `SELECT generation FROM publishers WHERE name = ?`;
const NEXT_GENERATION = `
  INSERT INTO publishers (name, generation) VALUES (?, 1)
  ON CONFLICT (name) DO UPDATE SET generation = generation + 1 RETURNING generation`;
/** A trimmed partition's end is known from its groups: only what all of them have handled is trimmed. */
const END = `
  SELECT max(
    coalesce((SELECT max(offset) + 1 FROM messages WHERE topic = ?1 AND partition = ?2), 0),
    coalesce((SELECT max(next) FROM offsets WHERE topic = ?1 AND partition = ?2), 0)) AS next`;

interface Topic {
  readonly partitions: number;
  stored: boolean;
  /** Offset of the next message of each partition. A rolled back append leaves a gap. */
  readonly ends: number[];
}

/** The bus's messages and offsets in one SQLite file; publishers that arrive together share one fsync. */
export class SqliteMessageLog implements MessageLog {
  private readonly topics = new Map<string, Topic>();

  constructor(
    private readonly database: SqliteDatabase,
    private readonly partitionsOfNewTopic: number,
    private readonly clock: Clock,
  ) {
    database.onRollback(() => this.topics.forEach((topic) => (topic.stored = false)));
  }

  partitions(topic: string): number {
    return this.topicOf(topic).partitions;
  }

  append(
    messages: readonly OutgoingMessage[],
    partitions: readonly number[],
    publisher?: PublisherGeneration,
  ): Promise<void> {
    const headers = messages.map((message) => JSON.stringify(message.headers));
    return this.database.commit(() => {
      if (publisher) this.refuseOlder(publisher);
      const now = this.clock.now().getTime();
      const insert = this.database.prepare(APPEND);
      for (let at = 0; at < messages.length; at += 1) {
        const { topic, key, value } = messages[at]!;
        const partition = partitions[at]!;
        const known = this.topicOf(topic);
        if (!known.stored) this.store(topic, known);
        insert.run(topic, partition, known.ends[partition]!++, now, key, headers[at]!, value);
      }
    });
  }

  openPublisher(name: string): Promise<PublisherGeneration> {
    return this.database.commit(() => {
      const generation = this.database.prepare(NEXT_GENERATION).get(name)!['generation'] as number;
      return { name, generation };
    });
  }

  read(topic: string, partition: number, from: number, limit: number): readonly LoggedMessage[] {
    const rows = this.database.prepare(READ).all(topic, partition, from, limit);
    return rows.map(({ offset, key, headers, value }) => ({
      offset: offset as number,
      key: key as string,
      headers: JSON.parse(headers as string) as Record<string, string>,
      value: value as string,
    }));
  }

  end(topic: string, partition: number): number {
    return ((this.database.prepare(LAST).get(topic, partition)?.['last'] as number | null | undefined) ?? -1) + 1;
  }

  offset(group: string, topic: string, partition: number): number {
    return (this.database.prepare(OFFSET).get(group, topic, partition)?.['next'] as number | undefined) ?? 0;
  }

  save(offsets: readonly GroupOffset[]): Promise<void> {
    return this.database.commit(() => {
      const upsert = this.database.prepare(SAVE);
      for (const { group, topic, partition, next } of offsets) upsert.run(group, topic, partition, next);
    });
  }

  close(): Promise<void> {
    return this.database.close();
  }

  private refuseOlder({ name, generation }: PublisherGeneration): void {
    if (this.database.prepare(GENERATION).get(name)?.['generation'] !== generation) throw new Fenced(name);
  }

  private topicOf(name: string): Topic {
    let topic = this.topics.get(name);
    if (topic === undefined) {
      const row = this.database.prepare('SELECT partitions FROM topics WHERE topic = ?').get(name);
      const partitions = (row?.['partitions'] as number | undefined) ?? this.partitionsOfNewTopic;
      const end = this.database.prepare(END);
      const ends = Array.from({ length: partitions }, (_, partition) => end.get(name, partition)!['next'] as number);
      topic = { partitions, stored: row !== undefined, ends };
      this.topics.set(name, topic);
    }
    return topic;
  }

  /** Fixes the number of partitions for good: another number would move keys and mix up their order. */
  private store(name: string, topic: Topic): void {
    this.database.prepare('INSERT OR IGNORE INTO topics (topic, partitions) VALUES (?, ?)').run(name, topic.partitions);
    topic.stored = true;
  }
}
