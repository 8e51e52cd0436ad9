import { expect, it } from '@jest/globals';
import type { OutgoingMessage } from '@rapport/message-bus';
import { PublishQueue } from './publish-queue.js';

const messages = (from: number, count: number): OutgoingMessage[] =>
  Array.from({ length: count }, (_, n) => ({ topic: 't', key: 'k', headers: {}, value: String(from + n) }));

/** A queue whose requests the test sees, and answers when it wants to. */
const queueOf = (answer: (values: readonly string[], request: number) => Promise<void> | void) => {
  const requests: string[][] = [];
  const queue = new PublishQueue(async (sent) => {
    requests.push(sent.map(({ value }) => value));
    await answer(requests.at(-1)!, requests.length);
  });
  return { queue, requests };
};

it('sends what arrives meanwhile together, in order, one request at a time', async () => {
  let underWay = 0;
  const underWayNow = Promise.withResolvers<void>();
  const { queue, requests } = queueOf(async () => {
    expect((underWay += 1)).toBe(1);
    underWayNow.resolve();
    await new Promise(setImmediate);
    underWay -= 1;
  });
  const first = queue.add(messages(0, 1));
  await underWayNow.promise;
  await Promise.all([first, ...Array.from({ length: 9 }, (_, n) => queue.add(messages(n + 1, 1)))]);
  expect(requests).toHaveLength(2);
  expect(requests.flat()).toEqual(messages(0, 10).map(({ value }) => value));
});

it('sends nothing more of a call that failed, and all of the others', async () => {
  const { queue, requests } = queueOf((_values, request) => {
    if (request === 2) throw new Error('no');
  });
  const failed = expect(queue.add(messages(0, 1_800))).rejects.toThrow('no');
  const after = queue.add(messages(5_000, 1));
  await Promise.all([failed, after]);
  expect(requests.map((request) => request[0])).toEqual(['0', '500', '5000']);
});

it('goes on after everything failed, and knows when it is empty', async () => {
  const { queue, requests } = queueOf((_values, request) => {
    if (request === 1) throw new Error('no');
  });
  const tries = await Promise.allSettled([queue.add(messages(0, 1)), queue.add(messages(1, 1))]);
  expect(tries.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  void queue.add(messages(2, 1));
  await queue.drained();
  expect(requests).toEqual([['0', '1'], ['2']]);
});
