import { describe, expect, it } from '@jest/globals';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { type ExpectedRevision, OutcomeUnknown, StoreUnavailable, WrongExpectedRevision } from '@rapport/event-store';
import { positionOf } from '@rapport/kernel';
import { AppendTooLarge } from './append-answer.js';
import { Appender } from './appender.js';
import { Connection } from './connection.js';
import { encodedEvents } from './encoded-event.js';
import { noteTaken } from '@rapport/event-store/conformance';
import { FakeClient, type Trouble } from './fakes/fake-client.js';

const answer = (type: string, value?: Uint8Array): Trouble => ({ type: `event_store.client.${type}`, value });
const TAKEN = answer(
  'WrongExpectedVersion',
  new shared.WrongExpectedVersion().setCurrentStreamRevision('4').serializeBinary(),
);
const LARGE = answer(
  'MaximumAppendSizeExceeded',
  new shared.MaximumAppendSizeExceeded().setMaxappendsize(1_048_576).serializeBinary(),
);
const DENIED = answer('AccessDenied');
const BUSY: Trouble = { type: 'google.protobuf.Empty', message: 'Server Is Busy' };
const FAILED = Object.assign(new Error('13 INTERNAL'), { code: 13 });
const DROPPED = new Error('14 UNAVAILABLE');
const WRITTEN = { revision: 0, position: positionOf(42) };

/** What is sent for an expectation. */
const SAID = [
  ['any', { any: {} }],
  ['exists', { streamExists: {} }],
  ['no-stream', { noStream: {} }],
  [-1, { noStream: {} }],
  [0, { streamPosition: '0' }],
  [7, { streamPosition: '7' }],
] as const;

describe('appending', () => {
  const closing = new AbortController();

  const appending = (clients: FakeClient[], milliseconds = 2_000) => {
    const opened: FakeClient[] = [];
    const connection = new Connection(() => {
      const client = clients[opened.length] ?? clients.at(-1)!;
      opened.push(client);
      return client.asClient;
    });
    const failures: unknown[] = [];
    const trouble = (_: string, failure: unknown) => void failures.push(failure);
    const appender = new Appender(connection, { milliseconds, closing: closing.signal, trouble });
    const append = (expected: ExpectedRevision = 'no-stream', events = encodedEvents([noteTaken()])) =>
      appender.append({ stream: 'note-acme-1', name: 'test.note-acme-1', events, expected });
    return { append, opened, failures };
  };

  const meeting = (troubles: Trouble[], milliseconds?: number) => {
    const client = new FakeClient(troubles);
    return { client, ...appending([client], milliseconds) };
  };

  it.each(SAID)('says %p as %p, and never when the server has to be done', async (expected, said) => {
    const { append, client } = meeting([]);
    expect(await append(expected)).toEqual(WRITTEN);
    expect(client.appends).toMatchObject([{ isFinal: true, options: said }]);
    expect(client.appends[0]!.options!.deadline).toBeUndefined();
  });

  it.each([
    ['taken', TAKEN, WrongExpectedRevision, /The record was expected at no-stream, but is at revision 4/],
    ['too large', LARGE, AppendTooLarge, /1048576 .* MaxAppendSize/],
    ['deleted', answer('StreamDeleted'), Error, /It was deleted in EventStoreDB/],
    ['denied', DENIED, StoreUnavailable, /does not allow this user to append events/],
  ])('says at once what is certain: %s', async (_, refused, type, message) => {
    const { append, client } = meeting([refused]);
    const refusal = append();
    await expect(refusal).rejects.toThrow(type);
    await expect(refusal).rejects.toThrow(message);
    expect(client.appends).toHaveLength(1);
  });

  it('repeats whatever the server had no time for', async () => {
    const { append, client } = meeting([BUSY, BUSY]);
    expect(await append('any')).toEqual(WRITTEN);
    expect(client.appends).toHaveLength(3);
  });

  it.each(['no-stream', 3] as const)('repeats the same append when nobody knows, expected at %p', async (expected) => {
    const { append, client, failures } = meeting([DROPPED, answer('Timeout'), 'silence']);
    expect(await append(expected)).toEqual(WRITTEN);
    expect(client.appends).toHaveLength(4);
    expect(new Set(client.appends.map(({ options }) => JSON.stringify(options))).size).toBe(1);
    expect(failures).toHaveLength(3);
  });

  it.each(['any', 'exists'] as const)('never repeats one that could be written twice: %p', async (expected) => {
    const { append, client } = meeting([DROPPED]);
    await expect(append(expected)).rejects.toThrow(OutcomeUnknown);
    expect(client.appends).toHaveLength(1);
  });

  it('does not know the outcome when nobody ever answers', async () => {
    const { append } = meeting(Array<Trouble>(99).fill('silence'), 60);
    await expect(append()).rejects.toThrow(OutcomeUnknown);
  });

  it('believes a repeat that the place is taken, and nothing else', async () => {
    await expect(meeting([DROPPED, TAKEN]).append()).rejects.toThrow(WrongExpectedRevision);
    const denied = meeting([DROPPED, ...Array<Trouble>(99).fill(DENIED)], 200);
    await expect(denied.append()).rejects.toThrow(OutcomeUnknown);
  });

  it.each([
    ['that remembers a failure', () => Promise.reject<never>(FAILED)],
    ['that asks in vain', () => new Promise<never>(() => undefined)],
  ])('leaves a client %s before it could send, whatever is expected', async (_, features) => {
    const [poisoned, sound] = [new FakeClient([], features()), new FakeClient([])];
    const { append, opened } = appending([poisoned, sound], 200);
    expect(await append('any')).toEqual(WRITTEN);
    expect(opened).toEqual([poisoned, sound]);
    expect(poisoned).toMatchObject({ appends: [], disposed: true });
  });

  it('says that nothing was written when nothing was sent', async () => {
    const { append } = appending([new FakeClient([], Promise.reject(FAILED))], 100);
    const failure = append('any');
    await expect(failure).rejects.toThrow(StoreUnavailable);
    await expect(failure).rejects.toMatchObject({
      message: expect.stringContaining('nothing was written'),
      cause: { cause: FAILED },
    });
  });

  it('leaves a connection that answers nobody, and stays with one that loses an answer', async () => {
    const [silent, sound] = [new FakeClient(['silence']), new FakeClient([])];
    const left = appending([silent, sound], 2_000);
    expect(await left.append()).toEqual(WRITTEN);
    expect(left.opened).toEqual([silent, sound]);
    const stayed = meeting(['silence'], 2_000);
    await Promise.all([stayed.append(), stayed.append()]);
    expect(stayed.opened).toHaveLength(1);
  });

  it('sends a large append in several messages of one request', async () => {
    const { append, client } = meeting([]);
    const events = encodedEvents(Array.from({ length: 5 }, () => noteTaken({ text: 'x'.repeat(900_000) })));
    await append('no-stream', events);
    expect(client.appends.map(({ proposedMessagesList, isFinal }) => [proposedMessagesList.length, isFinal])).toEqual([
      [2, false],
      [2, false],
      [1, true],
    ]);
    expect(new Set(client.appends.map(({ correlationId }) => correlationId!.string)).size).toBe(1);
    expect(client.appends.map(({ options }) => options !== undefined)).toEqual([true, false, false]);
  });

  it('fails only the appends of the connection that broke', async () => {
    const [broken, sound] = [meeting([DROPPED]), meeting(['silence'], 400)];
    const waiting = sound.append();
    await expect(broken.append('any')).rejects.toThrow(OutcomeUnknown);
    expect(await waiting).toEqual(WRITTEN);
    expect(sound.failures).toEqual([expect.objectContaining({ name: 'Unanswered' })]);
  });
});
