import { expect, it } from '@jest/globals';
import { KeyedRetries } from './keyed-retries.js';
import type { LoggedMessage } from './message-log.js';

const at = (offset: number, key: string): LoggedMessage => ({ offset, key, headers: {}, value: '' });

it('holds up the failed key only', () => {
  const retries = new KeyedRetries();
  retries.hold(at(3, 'ill'), 2, 100);
  expect(retries.queueBehind(at(4, 'well'))).toBe(false);
  expect(retries.queueBehind(at(5, 'ill'))).toBe(true);
  expect(retries.size).toBe(2);
});

it('gives a message when its time has come, the one behind at once after it', () => {
  const retries = new KeyedRetries();
  retries.hold(at(3, 'ill'), 2, 100);
  retries.queueBehind(at(5, 'ill'));
  expect(retries.due(99)).toBeUndefined();
  expect(retries.due(100)).toMatchObject({ attempt: 2, message: { offset: 3 } });
  retries.hold(at(3, 'ill'), 3, 300);
  expect(retries.nextDueAt).toBe(300);
  expect(retries.due(299)).toBeUndefined();
  retries.release('ill');
  expect(retries.due(299)).toMatchObject({ attempt: 1, message: { offset: 5 } });
  retries.release('ill');
  expect(retries.size).toBe(0);
  expect(retries.nextDueAt).toBe(Infinity);
});

it('knows the oldest offset that is not done', () => {
  const retries = new KeyedRetries();
  expect(retries.oldestOffset).toBeUndefined();
  retries.hold(at(7, 'a'), 2, 10);
  retries.hold(at(4, 'b'), 2, 20);
  expect(retries.oldestOffset).toBe(4);
  retries.release('b');
  expect(retries.oldestOffset).toBe(7);
});

it('takes the release of a key that is not held for what it is', () => {
  const retries = new KeyedRetries();
  retries.release('nobody');
  expect(retries.size).toBe(0);
});
