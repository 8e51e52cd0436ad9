import { describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { KeyCreations } from './key-creations.js';
import type { KeyDocument } from './key-document.js';
import type { MongoConnection } from './mongo-connection.js';

const direct = { run: (work: () => Promise<unknown>) => work() } as MongoConnection;
const documentOf = (id: string, text: string): KeyDocument => ({ _id: id, wrapped: Buffer.from(text) });
const textsOf = (kept: readonly KeyDocument[]) => kept.map(({ wrapped }) => String(wrapped));

/** Meets `theirs` when it inserts. */
const racing = (theirs: KeyDocument, codes: readonly number[], refusal?: object) => {
  const calls: number[] = [];
  const collection = {
    bulkWrite: async (insertions: readonly unknown[]) => {
      calls.push(insertions.length);
      const writeErrors = codes.map((code, index) => ({ code, index }));
      const result = { getWriteConcernError: () => refusal };
      throw new mongo.MongoBulkWriteError(
        { message: 'refused', code: codes[0]!, writeErrors } as never,
        result as unknown as mongo.BulkWriteResult,
      );
    },
    find: () => ({ toArray: async () => [theirs] }),
  };
  const creations = new KeyCreations(direct, collection as unknown as mongo.Collection<KeyDocument>);
  const keep = () => Promise.all([creations.keep(documentOf('a', 'ours')), creations.keep(documentOf('b', 'ours'))]);
  return { calls, keep };
};

describe('keys made at once', () => {
  it('go in one call, and one that another process made meanwhile is that one', async () => {
    const { calls, keep } = racing(documentOf('a', 'theirs'), [11_000]);
    expect(textsOf(await keep())).toEqual(['theirs', 'ours']);
    expect(calls).toEqual([2]);
  });

  it('of one person is one, whoever asks first', async () => {
    const inserted: string[] = [];
    const first = documentOf('a', 'first');
    const collection = {
      bulkWrite: async (insertions: readonly { insertOne: { document: KeyDocument } }[]) =>
        void inserted.push(...insertions.map(({ insertOne }) => String(insertOne.document.wrapped))),
      find: () => ({ toArray: async () => [first] }),
    };
    const creations = new KeyCreations(direct, collection as unknown as mongo.Collection<KeyDocument>);
    const kept = await Promise.all([first, documentOf('a', 'second')].map((document) => creations.keep(document)));
    expect([inserted, textsOf(kept)]).toEqual([['first'], ['first', 'first']]);
  });

  it.each([
    ['something else is wrong as well', [11_000, 121], undefined],
    ['no majority has them', [11_000], { code: 64 }],
  ])('all fail when %s', async (_, codes, refusal) => {
    const { keep } = racing(documentOf('a', 'theirs'), codes, refusal);
    await expect(keep()).rejects.toThrow('refused');
  });

  it('all fail when the connection is lost, which the driver says as a bulk write without a refused one', async () => {
    const lost = new mongo.MongoNetworkError('connection closed');
    const result = { getWriteConcernError: () => undefined } as unknown as mongo.BulkWriteResult;
    const bulkWrite = () => Promise.reject(new mongo.MongoBulkWriteError(lost as never, result));
    const collection = { bulkWrite, find: () => ({ toArray: async () => [] }) };
    const creations = new KeyCreations(direct, collection as unknown as mongo.Collection<KeyDocument>);
    await expect(creations.keep(documentOf('a', 'ours'))).rejects.toThrow('connection closed');
  });
});
