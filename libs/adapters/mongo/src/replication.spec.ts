import { describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { isReplicated } from './replication.js';

const old = (answer: object) => ({
  command: (asked: mongo.Document) =>
    'isMaster' in asked
      ? Promise.resolve(answer)
      : Promise.reject(new mongo.MongoServerError({ message: "no such command: 'hello'", code: 59 })),
});

describe('whether a server is replicated', () => {
  it.each([
    ['one that stands alone', {}, false],
    ['a member of a replica set', { setName: 'rapport' }, true],
    ['a mongos', { msg: 'isdbgrid' }, true],
  ])('is told by %s', async (_, answer, replicated) => {
    await expect(isReplicated({ command: () => Promise.resolve(answer) })).resolves.toBe(replicated);
    await expect(isReplicated(old(answer))).resolves.toBe(replicated);
  });

  it('stays unknown where the question fails', async () => {
    const away = new mongo.MongoNetworkError('the connection is gone');
    await expect(isReplicated({ command: () => Promise.reject(away) })).rejects.toBe(away);
  });
});
