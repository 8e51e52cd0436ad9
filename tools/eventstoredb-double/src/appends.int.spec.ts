import { describe, expect, it } from '@jest/globals';
import {
  type AppendExpectedRevision,
  type EventData,
  jsonEvent,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { collect, counted, PATHS, type Path, running } from './fixtures/running.js';

const context = running({ as: '24.10' });

/** Puts a stream into a state. */
const STATES: Readonly<Record<string, (stream: string) => Promise<unknown>>> = {
  missing: async () => undefined,
  metadata: (stream) => context.client.setStreamMetadata(stream, { maxAge: 1000 }),
  three: (stream) => context.client.appendToStream(stream, counted(3)),
  deleted: async (stream) => {
    await context.client.appendToStream(stream, counted(3));
    await context.client.deleteStream(stream);
  },
  tombstoned: async (stream) => {
    await context.client.appendToStream(stream, counted(3));
    await context.client.tombstoneStream(stream);
  },
};

/** The next expected revision, or what was wrong. */
const append = async (
  events: EventData[],
  expectedRevision: AppendExpectedRevision,
  path: Path,
  stream = 's',
): Promise<string> => {
  try {
    const { success, nextExpectedRevision, position } = await context.client.appendToStream(stream, events, {
      expectedRevision,
      ...path,
    });
    expect([success, position?.commit]).toEqual([true, position?.prepare]);
    return String(nextExpectedRevision);
  } catch (error) {
    if (error instanceof StreamDeletedError) return `${error.streamName} is gone`;
    if (!(error instanceof WrongExpectedVersionError)) throw error;
    expect([error.streamName, error.expectedVersion]).toEqual([stream, expectedRevision]);
    return `wrong, is ${error.actualVersion}`;
  }
};

describe.each(PATHS)('%s', (_, path) => {
  it.each<[AppendExpectedRevision, ...string[]]>([
    // missing, only metadata, events 0 to 2, soft-deleted, tombstoned
    ['any', '0', '0', '3', '3', 'tombstoned is gone'],
    ['no_stream', '0', '0', 'wrong, is 2', '3', 'tombstoned is gone'],
    ['stream_exists', 'wrong, is no_stream', '0', '3', 'deleted is gone', 'tombstoned is gone'],
    [2n, 'wrong, is no_stream', 'wrong, is no_stream', '3', '3', 'tombstoned is gone'],
    [1n, 'wrong, is no_stream', 'wrong, is no_stream', 'wrong, is 2', 'wrong, is 2', 'tombstoned is gone'],
    [5n, 'wrong, is no_stream', 'wrong, is no_stream', 'wrong, is 2', 'wrong, is 2', 'tombstoned is gone'],
  ])('with %s expected', async (expected, ...results) => {
    const outcomes: string[] = [];
    for (const [state, reach] of Object.entries(STATES)) {
      await reach(state);
      outcomes.push(await append(counted(1), expected, path, state));
    }
    expect(outcomes).toEqual(results);
  });

  it('answers an exact retry with the first revision and position, however far the stream has gone', async () => {
    const events = counted(3);
    const first = await context.client.appendToStream('s', events, { expectedRevision: 'no_stream', ...path });
    await context.client.appendToStream('s', counted(2), { expectedRevision: 2n, ...path });
    expect(await context.client.appendToStream('s', events, { expectedRevision: 'no_stream', ...path })).toEqual(first);
    expect(await append(events.slice(0, 2), 'no_stream', path)).toBe('1');
    expect(await append(events.slice(1), 0n, path)).toBe('2');
    expect(await append([events[1]!, events[0]!], 'no_stream', path)).toBe('wrong, is 4');
    expect(await append([...events, ...counted(1)], 'no_stream', path)).toBe('wrong, is 4');
    expect(await append([...events, ...counted(1)], 2n, path)).toBe('wrong, is 4');
    expect(await collect(context.client.readStream('s'))).toHaveLength(5);
  });

  it('knows recent ids without a revision: all of them, or the first and not another', async () => {
    const events = counted(3);
    const first = await context.client.appendToStream('s', events, path);
    expect(await context.client.appendToStream('s', events, path)).toEqual(first);
    expect(await append([events[2]!, events[1]!], 'stream_exists', path)).toBe('1');
    expect(await append([events[0]!, ...counted(1)], 'any', path)).toBe('wrong, is 2');
    expect(await append([...counted(1), events[0]!], 'any', path)).toBe('4');
  });

  it('compares nothing when the head is expected, and nothing with other streams', async () => {
    const events = counted(2);
    await context.client.appendToStream('other', events, path);
    expect(await append(events, 'no_stream', path)).toBe('1');
    expect(await append(events, 1n, path)).toBe('3');
    expect(await append([events[0]!, events[0]!], 3n, path)).toBe('5');
  });

  it('answers a retry without a position once its stream is soft-deleted, and leaves it deleted', async () => {
    const events = counted(2);
    await append(events, 'no_stream', path);
    await context.client.deleteStream('s');
    const retried = await context.client.appendToStream('s', events, { expectedRevision: 'no_stream', ...path });
    expect(retried).toEqual({ success: true, nextExpectedRevision: 1n, position: undefined });
    await expect(collect(context.client.readStream('s'))).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  it('takes an append of no events as one that writes nothing', async () => {
    expect(await append([], 'any', path)).toBe('0');
    await expect(collect(context.client.readStream('s'))).rejects.toMatchObject({ type: 'stream-not-found' });
    await append(counted(2), 'no_stream', path);
    expect(await append([], 1n, path)).toBe('1');
    expect(await append([], 0n, path)).toBe('wrong, is 1');
  });

  it.each([
    ['an empty type', jsonEvent({ type: '', data: {} })],
    ['no id', jsonEvent({ id: '00000000-0000-0000-0000-000000000000', type: 'T', data: {} })],
  ])('refuses an event with %s', async (__, event) => {
    await expect(append([event], 'any', path)).rejects.toMatchObject({ type: 'unknown' });
  });

  it('refuses an append that is larger than MaxAppendSize as a whole', async () => {
    const large = (bytes: number): EventData => jsonEvent({ type: 'Large', data: 'x'.repeat(bytes - 2 - 10) });
    expect(await append([large(1_048_576)], 'any', path)).toBe('0');
    const tooLarge = append([large(1_000_000), large(48_577)], 'any', path);
    await expect(tooLarge).rejects.toMatchObject({ type: 'maximum-append-size-exceeded', maxAppendSize: 1_048_576 });
    expect(await append(counted(1), 0n, path)).toBe('1');
  });
});

it('gathers an append that the client splits into several messages', async () => {
  await context.client.appendToStream('s', counted(100), { batchAppendSize: 500, expectedRevision: 'no_stream' });
  const events = await collect(context.client.readStream<ReturnType<typeof counted>[number]>('s'));
  expect(events.map(({ event }) => event?.data)).toEqual(Array.from({ length: 100 }, (_, n) => ({ n })));
});

it('times out what comes after its deadline, by the clock of the client', async () => {
  const late = context.client.appendToStream('s', counted(1), { deadline: -1000 });
  await expect(late).rejects.toMatchObject({ type: 'deadline-exceeded' });
  await expect(collect(context.client.readStream('s'))).rejects.toMatchObject({ type: 'stream-not-found' });
});
