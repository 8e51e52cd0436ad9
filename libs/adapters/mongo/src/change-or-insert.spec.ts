import { describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { changeOrInsert } from './change-or-insert.js';

/** A document that somebody else may make between looking and making. */
const documents = (there: boolean, refusal?: Error) => {
  const calls: string[] = [];
  const change = async () => {
    calls.push('change');
    return { matchedCount: there ? 1 : 0 };
  };
  const insert = async () => {
    calls.push('insert');
    there = true;
    if (refusal) throw refusal;
  };
  return { calls, work: () => changeOrInsert(change, insert) };
};

describe('a document that is changed or made', () => {
  it.each([
    ['there', true, undefined, ['change']],
    ['missing', false, undefined, ['change', 'insert']],
    ['made by another meanwhile', false, refused(11_000), ['change', 'insert', 'change']],
  ])('is %s', async (_, there, refusal, expected) => {
    const { calls, work } = documents(there, refusal);
    await work();
    expect(calls).toEqual(expected);
  });

  it('fails with what keeps it from being made', async () => {
    await expect(documents(false, refused(91)).work()).rejects.toMatchObject({ code: 91 });
  });
});

function refused(code: number): Error {
  return new mongo.MongoServerError({ message: 'no', code });
}
