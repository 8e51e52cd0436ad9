import type { Clock } from '@rapport/kernel';
import type { SqliteDatabase } from './database.js';

/** Rows deleted in one transaction: bounds how long publishers wait. */
const CHUNK = 2_000;

/** Every partition with messages, and the place that all groups that know its topic have passed (null: no group does). */
const PARTITIONS = `
  SELECT topics.topic, numbers.value AS partition,
    (SELECT min(next) FROM offsets WHERE offsets.topic = topics.topic AND offsets.partition = numbers.value) AS passed
  FROM topics, json_each(?) AS numbers
  WHERE numbers.value < topics.partitions AND topics.topic NOT LIKE '%.dead-letters'`;
const OLDEST = `
  SELECT offset, published_at FROM messages
  WHERE topic = ? AND partition = ? AND offset < ? ORDER BY offset LIMIT ${CHUNK}`;
const TRIM = 'DELETE FROM messages WHERE topic = ? AND partition = ? AND offset <= ?';

/**
 * Deletes messages older than `retainFor` milliseconds that every group which knows their topic has handled. Dead-letter
 * topics are left alone: what is parked waits for a person. Returns the number of messages deleted.
 */
export const trimMessages = async (database: SqliteDatabase, retainFor: number, clock: Clock): Promise<number> => {
  const before = clock.now().getTime() - retainFor;
  let trimmed = 0;
  for (const { topic, partition, passed } of partitionsOf(database)) {
    for (;;) {
      const oldest = database.prepare(OLDEST).all(topic, partition, passed ?? Number.MAX_SAFE_INTEGER);
      const expired = oldest.filter((row) => (row['published_at'] as number) < before);
      if (expired.length === 0) break;
      const last = expired.at(-1)!['offset']!;
      await database.commit(() => database.prepare(TRIM).run(topic, partition, last));
      trimmed += expired.length;
      if (expired.length < CHUNK) break;
    }
  }
  return trimmed;
};

interface KnownPartition {
  readonly topic: string;
  readonly partition: number;
  readonly passed: number | null;
}

const partitionsOf = (database: SqliteDatabase): readonly KnownPartition[] => {
  const most = (database.prepare('SELECT max(partitions) AS most FROM topics').get()?.['most'] as number | null) ?? 0;
  const numbers = JSON.stringify(Array.from({ length: most }, (_, partition) => partition));
  return database.prepare(PARTITIONS).all(numbers) as unknown as readonly KnownPartition[];
};
