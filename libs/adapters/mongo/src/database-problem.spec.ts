import { expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { databaseProblem, isDuplicateKey } from './database-problem.js';

const refused = (code: number) => new mongo.MongoServerError({ message: 'no', code });
const inBulk = (error: Error) => new mongo.MongoServerError(error);

it.each([
  ['a lost connection', new mongo.MongoNetworkError('connection closed')],
  ['one that was lost during a bulk write', inBulk(new mongo.MongoNetworkError('connection closed'))],
  ['one that broke while it was written to', Object.assign(new Error('write ECONNRESET'), { code: 'ECONNRESET' })],
  ['an election', refused(189)],
  ['a server that stops', refused(11600)],
  ['a collection that is dropped while it is read', refused(175)],
])('%s is unavailable, with the reason', (_, error) => {
  const problem = { kind: 'unavailable', code: 'store-unavailable', message: expect.stringContaining(error.message) };
  expect(databaseProblem(error, 'sales')).toMatchObject({ ...problem, details: { retryAfterSeconds: 1 } });
});

it('a full disk is told as such', () => {
  expect(databaseProblem(refused(14031), 'sales')).toMatchObject({ kind: 'storage-full' });
});

it.each([refused(2), refused(11000), new TypeError('a bug'), undefined])('%s is no trouble of the server', (error) => {
  expect(databaseProblem(error, 'sales')).toBe(error);
});

it('knows a key that is taken', () => {
  expect([refused(11000), refused(2), new Error('E11000')].map(isDuplicateKey)).toEqual([true, false, false]);
});
