import { expect, it } from '@jest/globals';
import { eventually } from '@rapport/message-bus/conformance';
import type { Batch, KafkaMessage } from 'kafkajs';
import { PartitionFeed } from './partition-feed.js';

/** Messages at these offsets; the batch ends with a record that is none. */
const batch = (offsets: readonly number[]): Batch =>
  ({
    messages: offsets.map(
      (offset) => ({ offset: String(offset), key: Buffer.from('k'), value: Buffer.from('v') }) as KafkaMessage,
    ),
    lastOffset: () => String(offsets.at(-1)! + 1),
  }) as unknown as Batch;

const numbers = (count: number, from = 0): number[] => Array.from({ length: count }, (_, n) => from + n);

const feedOf = (handle: () => Promise<void>): PartitionFeed =>
  new PartitionFeed(
    {
      group: 'g',
      topic: 't',
      partition: 0,
      from: 0,
      handle,
      retry: { attempts: 3, pauseMilliseconds: 1 },
      park: async () => undefined,
      onTrouble: () => undefined,
    },
    () => undefined,
  );

it('is past the end of a transaction once its messages are handled, and not before', async () => {
  const release = Promise.withResolvers<void>();
  const feed = feedOf(() => release.promise);
  expect(feed.position).toBe(0);
  feed.offer(batch([0, 1, 2]));
  expect(feed.position).toBe(0);
  release.resolve();
  await eventually('all is handled', () => feed.position === 4);
  feed.passed(7);
  expect(feed.position).toBe(7);
  await feed.stop();
});

it('has room at once where little waits, and after a while pauses what a slow handler leaves', async () => {
  const release = Promise.withResolvers<void>();
  const feed = feedOf(() => release.promise);
  const paused: boolean[] = [];
  const pause = () => {
    paused.push(true);
    return () => void paused.push(false);
  };
  feed.offer(batch(numbers(10)));
  await feed.room(pause);
  expect(paused).toEqual([]);
  feed.offer(batch(numbers(1_000, 20)));
  await feed.room(pause);
  expect(paused).toEqual([true]);
  release.resolve();
  await eventually('it is resumed', () => paused.length === 2);
  expect(paused).toEqual([true, false]);
  await eventually('all is handled', () => feed.position === 1_021);
  await feed.stop();
});

it('keeps nobody waiting once it is stopped', async () => {
  const feed = feedOf(() => Promise.resolve());
  feed.offer(batch(numbers(1_000)));
  const room = feed.room(() => () => undefined);
  await feed.stop();
  await room;
  await feed.room(() => {
    throw new Error('a partition that is gone was paused');
  });
});
