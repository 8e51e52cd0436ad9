import { expect, it } from '@jest/globals';
import { RecentIds } from './recent-ids.js';
import { type Entry, Stream } from './stream.js';

const entry = (stream: string, id: string): Entry => ({
  position: 1,
  length: 1,
  stream: new Stream(stream),
  revision: 0,
  id,
  type: 'Counted',
  created: 0,
});

it('keeps the first place of an id', () => {
  const recent = new RecentIds(1000);
  recent.add(entry('first', 'a'));
  recent.add(entry('second', 'a'));
  expect(recent.get('a')?.stream.name).toBe('first');
});

it('forgets the oldest when it is full', () => {
  const recent = new RecentIds(2 * (28 + 'stream'.length));
  for (const id of ['a', 'b', 'c']) recent.add(entry('stream', id));
  expect(['a', 'b', 'c'].map((id) => recent.get(id)?.id)).toEqual([undefined, 'b', 'c']);
});
