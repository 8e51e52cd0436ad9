import { expect, it } from '@jest/globals';
import { checked, limitsOf } from './limits.js';

const MEBIBYTE = 1024 * 1024;

it.each([
  ['23.10.0', MEBIBYTE],
  ['24.10.14', MEBIBYTE],
  ['25.0.1', MEBIBYTE],
  ['25.1.0', 256 * MEBIBYTE],
  ['26.0.3', 256 * MEBIBYTE],
])('release %s takes appends of %i bytes', (version, bytes) => {
  expect(limitsOf({ version, countsMetadata: true }).append).toBe(bytes);
});

const request = (...sizes: number[]): Parameters<typeof checked>[0] => ({
  stream: 's',
  expected: 'any',
  events: sizes.map((size, n) => ({
    id: `00000000-0000-4000-8000-00000000000${n}`,
    type: 'ab',
    json: false,
    data: Buffer.alloc(size - 5),
    metadata: Buffer.alloc(1),
  })),
});

it('counts data, metadata and the type twice, for one event and for all', () => {
  const limits = { append: 30, event: 20, countsMetadata: true };
  expect(checked(request(20, 10), limits)).toHaveLength(2);
  expect(checked(request(20, 11), limits)).toEqual({ kind: 'append-too-large', limit: 30 });
  expect(checked(request(10, 21), limits)).toMatchObject({ kind: 'event-too-large', size: 21, limit: 20 });
});

it.each(['', '$$'])('refuses "%s" as the name of a stream', (stream) => {
  expect(checked({ ...request(10), stream }, limitsOf({ version: '24.10.0', countsMetadata: true }))).toMatchObject({
    kind: 'invalid',
  });
});
