import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OutcomeUnknown, StoreUnavailable, WrongExpectedRevision } from '@rapport/event-store';
import { DomainError } from '@rapport/kernel';
import { KeyDestroyed } from '@rapport/privacy';
import { type Calls, Line } from './line.js';

const told: string[] = [];
const failures: Readonly<Record<string, Error>> = {
  revision: new WrongExpectedRevision('contact-main-1', 3, 4),
  unknown: new OutcomeUnknown('contact-main-1', new Error('of the disk')),
  erased: new KeyDestroyed({ tenant: 'main', id: 'p' }),
  fields: new DomainError('invalid', 'bad', 'It is bad.', {
    fields: [{ pointer: '/a', code: 'b', message: 'c' }],
    retryAfterSeconds: 2,
  }),
  bug: new TypeError('a bug'),
};

interface Theirs extends Calls {
  double(n: number): number;
  note(text: string): Promise<string>;
  tell(text: string): void;
  fail(which: string): never;
  never(): Promise<void>;
}
const theirs: Theirs = {
  double: (n) => 2 * n,
  note: async (text) => {
    await new Promise(setImmediate);
    return `${text} after ${told.join()}`;
  },
  tell: (text) => void told.push(text),
  fail: (which) => {
    throw failures[which]!;
  },
  never: () => new Promise(() => undefined),
};

let channel: MessageChannel;
let line: Line<Theirs>;
beforeEach(() => {
  told.length = 0;
  channel = new MessageChannel();
  new Line(channel.port2, theirs);
  line = new Line<Theirs>(channel.port1, {});
});
afterEach(() => channel.port1.close());

const failureOf = async (which: string): Promise<unknown> =>
  line.call('fail', which).catch((failure: unknown) => failure);

describe('a line between threads', () => {
  it('brings answers to their calls, whichever comes first', async () => {
    const answers = await Promise.all([line.call('note', 'a'), ...[1, 2, 3].map((n) => line.call('double', n))]);
    expect(answers).toEqual(['a after ', 2, 4, 6]);
  });

  it('keeps the order of what is told and asked', async () => {
    line.tell('tell', 'one');
    line.tell('tell', 'two');
    expect(await line.call('note', 'b')).toBe('b after one,two');
  });

  it('brings failures as what they are', async () => {
    for (const [which, failure] of Object.entries(failures).filter(([name]) => name !== 'bug')) {
      const brought = await failureOf(which);
      expect(brought).toBeInstanceOf(failure.constructor);
      const { cause: _, ...details } = (failure as DomainError).details;
      expect(brought).toMatchObject({ ...failure, details, message: failure.message });
    }
    expect(await failureOf('bug')).toMatchObject({ message: 'a bug', stack: expect.stringContaining('TypeError') });
  });

  it('refuses whoever waits, and whoever asks later, once it has ended', async () => {
    const waiting = line.call('never');
    const end = new StoreUnavailable('It has ended.');
    line.end(end);
    await expect(waiting).rejects.toBe(end);
    await expect(line.call('double', 1)).rejects.toBe(end);
    expect(() => line.tell('tell', 'nobody')).not.toThrow();
  });
});
