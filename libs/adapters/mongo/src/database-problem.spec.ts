import { expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { ACCESS_REFUSED, databaseProblem, isDuplicateKey } from './database-problem.js';

const refused = (code: number) => new mongo.MongoServerError({ message: 'no', code });
const labelled = (label: string) => new mongo.MongoServerError({ message: 'no', code: 99_999, errorLabels: [label] });
const inBulk = (error: Error) => new mongo.MongoServerError(error);

it.each([
  ['a lost connection', new mongo.MongoNetworkError('connection closed')],
  ['one that was lost during a bulk write', inBulk(new mongo.MongoNetworkError('connection closed'))],
  ['one that broke while it was written to', Object.assign(new Error('write ECONNRESET'), { code: 'ECONNRESET' })],
  ['an election', refused(189)],
  ['a server that stops', refused(11600)],
  ['a collection that is dropped while it is read', refused(175)],
  ['a set with too few members', refused(100)],
  ['an operation that was ended', refused(11601)],
  ['a lock that is held', refused(46)],
  ['a snapshot that is not there yet', refused(246)],
  ['a server that is busy with its storage', refused(365)],
  ['a sign-in that has run out', refused(391)],
  ['a server with too many requests', refused(462)],
  ['an account of Cosmos DB with too many requests', refused(16500)],
  ['one of those during a bulk write', inBulk(refused(16500))],
  ['a code that nobody knows yet, with a label', labelled('RetryableWriteError')],
  ['the same of a transaction', labelled('TransientTransactionError')],
  ['the same of a server with too much to do', labelled('SystemOverloadedError')],
])('%s is unavailable, with the reason', (_, error) => {
  const problem = { kind: 'unavailable', code: 'store-unavailable', message: expect.stringContaining(error.message) };
  expect(databaseProblem(error, 'sales')).toMatchObject({ ...problem, details: { retryAfterSeconds: 1 } });
});

it('a full disk is told as such', () => {
  expect(databaseProblem(refused(14031), 'sales')).toMatchObject({ kind: 'storage-full' });
});

it.each([13, 18])('who may not: code %i is told as such, and waiting does not mend it', (code) => {
  expect(databaseProblem(refused(code), 'sales')).toMatchObject({
    kind: 'internal',
    code: ACCESS_REFUSED,
    message: expect.stringContaining('roles') as unknown,
  });
});

it.each([refused(2), refused(11000), labelled('NoWritesPerformed'), new TypeError('a bug'), undefined])(
  '%s is no trouble of the server',
  (error) => {
    expect(databaseProblem(error, 'sales')).toBe(error);
  },
);

it('knows a key that is taken', () => {
  expect([refused(11000), refused(2), new Error('E11000')].map(isDuplicateKey)).toEqual([true, false, false]);
});
