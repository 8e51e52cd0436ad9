import { describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { compact } from './compaction.js';

/** A server that says this of itself, and answers to a compaction as it does. */
const server = (hello: object, compaction: () => Promise<mongo.Document> = async () => ({ ok: 1 })) => {
  const compacted: unknown[] = [];
  const command = (asked: mongo.Document): Promise<mongo.Document> => {
    if ('hello' in asked) return Promise.resolve(hello);
    compacted.push(asked['compact']);
    return compaction();
  };
  return { command, compacted };
};
const refusing = (code: number) => () => Promise.reject(new mongo.MongoServerError({ message: 'no', code }));

describe('compaction', () => {
  it('is asked of a server that stands alone', async () => {
    const alone = server({ isWritablePrimary: true });
    await compact(alone, ['a', 'b']);
    expect(alone.compacted).toEqual(['a', 'b']);
  });

  it.each([
    ['the primary of a replica set', { isWritablePrimary: true, setName: 'rs0' }],
    ['a mongos', { isWritablePrimary: true, msg: 'isdbgrid' }],
  ])('is not asked of %s', async (_, hello) => {
    const refuses = server(hello, refusing(20));
    await compact(refuses, ['a']);
    expect(refuses.compacted).toEqual([]);
  });

  it.each([13, 20, 26, 59, 115, 8000])('is left out where it is refused with code %i', async (code) => {
    const refuses = server({}, refusing(code));
    await compact(refuses, ['a', 'b']);
    expect(refuses.compacted).toEqual(['a', 'b']);
  });

  it('fails with whatever else happens', async () => {
    await expect(compact(server({}, refusing(91)), ['a'])).rejects.toMatchObject({ code: 91 });
  });
});
