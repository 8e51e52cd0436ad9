import { describe, expect, it } from '@jest/globals';
import { decide } from './append-decision.js';
import type { Expected } from './expected.js';
import { RecentIds } from './recent-ids.js';
import { type Entry, Stream } from './stream.js';
import { parseMetadata, softDeletion } from './stream-metadata.js';

const entry = (stream: Stream, revision: number, id: string): Entry => ({
  position: 100 + revision * 50,
  length: 40,
  stream,
  revision,
  id,
  type: 'Counted',
  created: 0,
});

type Kind = 'missing' | 'only metadata' | 'a b c' | 'soft-deleted' | 'tombstoned';

/** A stream that ends with revision 2, events a, b and c, unless it has none. */
const streamThatIs = (kind: Kind): Stream => {
  const stream = new Stream('counting');
  if (kind === 'missing' || kind === 'only metadata') return stream;
  ['a', 'b', 'c'].forEach((id, revision) => stream.entries.push(entry(stream, revision, id)));
  if (kind === 'soft-deleted') stream.metadata = parseMetadata(true, softDeletion());
  if (kind === 'tombstoned') stream.tombstone = entry(stream, 0, 't');
  return stream;
};

const decided = (kind: Kind, expected: Expected, ids: readonly string[], recent: readonly string[] = []): string => {
  const stream = streamThatIs(kind);
  const cache = new RecentIds(1000);
  for (const known of stream.entries) if (recent.includes(known.id)) cache.add(known);
  const decision = decide({ stream, hasMetadata: kind === 'only metadata', expected, ids }, cache);
  return decision.kind === 'idempotent' ? `idempotent ${decision.last.revision}` : decision.kind;
};

describe('new events', () => {
  it.each<[Expected, ...string[]]>([
    // missing, only metadata, revision 2, soft-deleted, tombstoned
    ['any', 'write', 'write', 'write', 'write', 'deleted'],
    ['no_stream', 'write', 'write', 'wrong-version', 'write', 'deleted'],
    ['stream_exists', 'wrong-version', 'write', 'write', 'deleted', 'deleted'],
    [2, 'wrong-version', 'wrong-version', 'write', 'write', 'deleted'],
    [1, 'wrong-version', 'wrong-version', 'wrong-version', 'wrong-version', 'deleted'],
    [5, 'wrong-version', 'wrong-version', 'wrong-version', 'wrong-version', 'deleted'],
  ])('with %s expected', (expected, ...results) => {
    const kinds: Kind[] = ['missing', 'only metadata', 'a b c', 'soft-deleted', 'tombstoned'];
    expect(kinds.map((kind) => decided(kind, expected, ['x', 'y']))).toEqual(results);
  });
});

describe('known events', () => {
  it.each<[Expected, string, string, string]>([
    ['any', 'x a', 'a b c', 'write'],
    ['any', 'a x', 'a b c', 'wrong-version'],
    ['any', 'a b', 'a b c', 'idempotent 1'],
    ['any', 'c a', 'a b c', 'idempotent 0'],
    ['any', 'a b', '', 'write'],
    ['stream_exists', 'b', 'a b c', 'idempotent 1'],
    ['no_stream', 'a b', '', 'idempotent 1'],
    ['no_stream', 'a b c', '', 'idempotent 2'],
    ['no_stream', 'b a', '', 'wrong-version'],
    ['no_stream', 'a b c d', '', 'wrong-version'],
    [0, 'b c', '', 'idempotent 2'],
    [0, 'b', '', 'idempotent 1'],
    [0, 'b x', '', 'wrong-version'],
    [1, 'b', '', 'wrong-version'],
    [2, 'a b', 'a b c', 'write'],
  ])('with %s expected: %s, of which %s are in memory', (expected, ids, recent, result) => {
    expect(decided('a b c', expected, ids.split(' '), recent.split(' '))).toBe(result);
  });

  it('are retries even after a soft deletion, and new ones bring the stream back', () => {
    expect(decided('soft-deleted', 'no_stream', ['a', 'b'])).toBe('idempotent 1');
    expect(decided('soft-deleted', 'any', ['a'], ['a'])).toBe('idempotent 0');
    expect(decided('soft-deleted', 'no_stream', ['x'])).toBe('write');
    expect(decided('soft-deleted', 'no_stream', ['a', 'x'])).toBe('wrong-version');
  });

  it('of another stream count as unknown', () => {
    const cache = new RecentIds(1000);
    cache.add(entry(new Stream('other'), 0, 'a'));
    const question = { stream: streamThatIs('a b c'), hasMetadata: false, expected: 'any', ids: ['a'] } as const;
    expect(decide(question, cache).kind).toBe('write');
  });
});

it('checks an append without events like any other', () => {
  expect(decided('missing', 'any', [])).toBe('write');
  expect(decided('a b c', 2, [])).toBe('write');
  expect(decided('a b c', 1, [])).toBe('wrong-version');
});
