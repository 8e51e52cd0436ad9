import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixedClock } from '@rapport/kernel';
import { deadLetterTopic, type OutgoingMessage } from '@rapport/message-bus';
import { eventually } from '@rapport/message-bus/conformance';
import { openSqliteMessageBus, type SqliteMessageBus, type SqliteMessageBusOptions } from './sqlite-message-bus.js';

let folder: string;
let bus: SqliteMessageBus;
const clock = fixedClock('2026-01-01T00:00:00Z');

const open = (options: Partial<SqliteMessageBusOptions> = {}): void => {
  bus = openSqliteMessageBus({ file: join(folder, 'bus.db'), clock, ...options });
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-bus-'));
  clock.set('2026-01-01T00:00:00Z');
});
afterEach(async () => {
  await bus.close();
  rmSync(folder, { recursive: true });
});

const messages = (topic: string, count: number): OutgoingMessage[] =>
  Array.from({ length: count }, (_, n) => ({ topic, key: `key-${n % 20}`, headers: {}, value: String(n) }));

const collect = async (group: string, topic: string): Promise<string[]> => {
  const seen: string[] = [];
  await bus.subscribe({ group, topics: [topic], handle: async ({ value }) => void seen.push(value) });
  return seen;
};

it('trims old messages that every group has handled, and only those', async () => {
  open();
  await bus.publish(messages('t', 50));
  const seen = await collect('first', 't');
  await eventually('the group is through', () => seen.length === 50);
  expect(await bus.trim()).toBe(0);
  clock.set('2026-01-09T00:00:00Z');
  await bus.publish(messages('t', 10));
  await eventually('the group is through again', () => seen.length === 60);
  await bus.close();
  open({ retainFor: 365 * 86_400_000 });
  expect(await bus.trim()).toBe(0);
  await bus.close();
  open();
  await bus.trim();
  const late = await collect('late', 't');
  await eventually('the late group sees what is left', () => late.length === 10);
});

it('keeps what a group has not handled, however old', async () => {
  open();
  await bus.publish(messages('t', 20));
  const stuck = await bus.subscribe({
    group: 'slow',
    topics: ['t'],
    handle: (_message, signal) => untilAborted(signal),
  });
  await stuck.close();
  clock.set('2027-01-01T00:00:00Z');
  expect(await bus.trim()).toBe(0);
});

it('keeps parked messages for a person to look at', async () => {
  open();
  await bus.publish(messages(deadLetterTopic('t', 'g'), 5));
  clock.set('2027-01-01T00:00:00Z');
  expect(await bus.trim()).toBe(0);
});

it('does not use offsets again after everything was trimmed', async () => {
  open({ partitions: 1 });
  await bus.publish(messages('t', 5_000));
  const before = await collect('g', 't');
  await eventually('all are handled', () => before.length === 5_000);
  await bus.close();
  open();
  clock.set('2026-02-01T00:00:00Z');
  await bus.trim();
  await bus.close();
  open();
  expect(await bus.trim()).toBe(0);
  await bus.publish(messages('t', 40));
  const after = await collect('g', 't');
  await eventually('the group sees the new ones', () => after.length === 40);
  expect(new Set(after).size).toBe(40);
});

it('keeps the number of partitions of a topic that exists', async () => {
  open({ partitions: 4 });
  await bus.publish(messages('t', 20));
  await bus.close();
  open({ partitions: 64 });
  await bus.publish(messages('t', 20));
  const ids: string[] = [];
  await bus.subscribe({ group: 'g', topics: ['t'], handle: async ({ id }) => void ids.push(id) });
  await eventually('all are there', () => ids.length === 40);
  expect(Math.max(...ids.map((id) => Number(id.split('/')[1])))).toBeLessThan(4);
});

it('fences the publisher of another process', async () => {
  open();
  const older = bus;
  const first = await older.publisher('relay');
  open();
  const second = await bus.publisher('relay');
  await expect(first.publish(messages('t', 3))).rejects.toMatchObject({ code: 'publisher-fenced' });
  await second.publish(messages('t', 5));
  const seen = await collect('g', 't');
  await eventually('the newer is heard', () => seen.length >= 5);
  expect(seen).toHaveLength(5);
  await older.close();
});

it('refuses a senseless number of partitions', () => {
  open();
  expect(() => openSqliteMessageBus({ file: ':memory:', partitions: 0 })).toThrow(/cannot have 0 partitions/);
});

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('closing'))));
