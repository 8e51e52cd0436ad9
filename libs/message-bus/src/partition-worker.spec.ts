import { expect, it } from '@jest/globals';
import { eventually } from './conformance/index.js';
import type { LoggedMessage } from './message-log.js';
import { PartitionWorker, type PartitionWork } from './partition-worker.js';
import type { BusTrouble } from './trouble.js';

const log = (keys: readonly string[]): LoggedMessage[] =>
  keys.map((key, offset) => ({ offset, key, headers: {}, value: '' }));

const worker = (messages: readonly LoggedMessage[], given: Partial<PartitionWork>) => {
  const troubles: BusTrouble[] = [];
  const work: PartitionWork = {
    group: 'g',
    topic: 't',
    partition: 0,
    from: 0,
    retry: { attempts: 3, pauseMilliseconds: 1 },
    handle: async () => undefined,
    read: (from, limit) => messages.slice(from, from + limit),
    park: async () => undefined,
    progressed: () => undefined,
    onTrouble: (trouble) => void troubles.push(trouble),
    ...given,
  };
  return { worker: new PartitionWorker(work), troubles };
};

it('counts as done only what lies before the oldest message that waits', async () => {
  let healed = false;
  const handle = async ({ key }: { key: string }): Promise<void> => {
    if (key === 'ill' && !healed) throw new Error('down');
  };
  const { worker: one } = worker(log(['well', 'ill', 'well', 'ill', 'well']), {
    handle,
    retry: { attempts: 1_000, pauseMilliseconds: 1 },
    progressed: ({ next }) => expect(healed || next <= 1).toBe(true),
  });
  one.wake();
  await eventually('the ill message waits', () => one.next === 1);
  healed = true;
  await eventually('all are done', () => one.next === 5);
  await one.stop();
});

it('reads on after a read that failed', async () => {
  let broken = true;
  const messages = log(['a', 'b']);
  const read = (from: number): readonly LoggedMessage[] => {
    if (!broken) return messages.slice(from);
    broken = false;
    throw new Error('bad disk');
  };
  const { worker: one, troubles } = worker(messages, { read });
  one.wake();
  await eventually('both are done', () => one.next === 2);
  expect(troubles).toMatchObject([{ kind: 'storage', topic: 't' }]);
  await one.stop();
});

it('keeps a message that could not be parked', async () => {
  let full = true;
  const parked: string[] = [];
  const park = async ({ id }: { id: string }): Promise<void> => {
    if (full) {
      full = false;
      throw new Error('disk full');
    }
    parked.push(id);
  };
  const handle = () => Promise.reject(new Error('poison'));
  const { worker: one, troubles } = worker(log(['a']), { handle, park });
  one.wake();
  await eventually('it is parked in the end', () => one.next === 1);
  expect(parked).toEqual(['t/0/0']);
  expect(troubles.map(({ kind }) => kind)).toEqual(['retrying', 'retrying', 'storage', 'parked']);
  await one.stop();
});

it('stops reading while too many messages wait', async () => {
  const messages = log(Array.from({ length: 3_000 }, (_, n) => `key-${n}`));
  let healed = false;
  let furthest = 0;
  const { worker: one } = worker(messages, {
    handle: async () => {
      if (!healed) throw new Error('down');
    },
    retry: { attempts: 1_000, pauseMilliseconds: 1 },
    read: (from, limit) => {
      if (!healed) furthest = Math.max(furthest, from + limit);
      return messages.slice(from, from + limit);
    },
  });
  one.wake();
  await eventually('the first thousand wait', () => furthest >= 1_000);
  expect(furthest).toBeLessThan(1_500);
  healed = true;
  await eventually('all are done', () => one.next === 3_000);
  await one.stop();
});
