import { describe, expect, it } from '@jest/globals';
import {
  END,
  type ExpectedRevision,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { collect, counted, running } from './fixtures/running.js';

const context = running();

/** The client sends it, but its types leave it out. */
const STREAM_EXISTS = 'stream_exists' as string as ExpectedRevision;

const revisions = async (stream = 's'): Promise<(bigint | undefined)[]> =>
  (await collect(context.client.readStream(stream))).map(({ event }) => event?.revision);

/** Type and stream of what other than users wrote since the start. */
const log = async (): Promise<string[]> =>
  (await collect(context.client.readAll()))
    .map(({ event }) => `${event?.type} ${event?.streamId}`)
    .filter((line) => !line.includes('$user'));

describe('a soft-deleted stream', () => {
  it('is not found, and goes on at the next revision without its old events', async () => {
    const { client } = context;
    await client.appendToStream('s', counted(3));
    expect((await client.deleteStream('s', { expectedRevision: 2n })).position).toBeDefined();
    await expect(revisions()).rejects.toThrow(StreamNotFoundError);
    await client.appendToStream('s', counted(2), { expectedRevision: 'no_stream' });
    expect(await revisions()).toEqual([3n, 4n]);
    expect((await client.getStreamMetadata('s')).metadata).toEqual({ truncateBefore: 3 });
  });

  it('stays in the log of all streams, with its deletion and its coming back', async () => {
    const { client } = context;
    await client.appendToStream('s', counted(1));
    await client.deleteStream('s');
    await client.appendToStream('s', counted(1));
    expect(await log()).toEqual(['Counted s', '$metadata $$s', 'Counted s', '$metadata $$s']);
  });

  it('comes back when its metadata is written, and keeps that', async () => {
    const { client } = context;
    await client.appendToStream('s', counted(2));
    await client.deleteStream('s');
    await client.setStreamMetadata('s', { maxCount: 5 });
    expect((await client.getStreamMetadata('s')).metadata).toEqual({ maxCount: 5, truncateBefore: 2 });
    await client.appendToStream('s', counted(1), { expectedRevision: 1n });
    expect(await revisions()).toEqual([2n]);
  });

  it('can be deleted once more', async () => {
    await context.client.appendToStream('s', counted(2));
    await context.client.deleteStream('s');
    await expect(context.client.deleteStream('s')).resolves.toBeDefined();
  });
});

describe('a tombstone', () => {
  it('is for ever, whether there was a stream or not', async () => {
    const { client } = context;
    await client.appendToStream('s', counted(1));
    await client.tombstoneStream('s', { expectedRevision: STREAM_EXISTS });
    await client.tombstoneStream('never', { expectedRevision: 'no_stream' });
    for (const stream of ['s', 'never']) {
      const deleted = { type: 'stream-deleted', streamName: stream };
      await expect(revisions(stream)).rejects.toMatchObject(deleted);
      await expect(client.appendToStream(stream, counted(1))).rejects.toMatchObject(deleted);
      await expect(client.deleteStream(stream)).rejects.toThrow(StreamDeletedError);
      await expect(client.tombstoneStream(stream)).rejects.toThrow(StreamDeletedError);
    }
    expect(await log()).toEqual(['Counted s', '$streamDeleted s', '$streamDeleted never']);
  });
});

describe('a deletion that expects something else', () => {
  it.each<['delete' | 'tombstone', ExpectedRevision, string, bigint, bigint]>([
    ['delete', 'any', 'missing', -2n, -1n],
    ['delete', 'no_stream', 'missing', -1n, -1n],
    ['delete', 7n, 's', 7n, 2n],
    ['tombstone', 7n, 's', 7n, 2n],
    ['tombstone', STREAM_EXISTS, 'missing', -4n, -1n],
    ['tombstone', 'no_stream', 's', -1n, 2n],
  ])('%s %s of %s', async (how, expectedRevision, stream, expected, actual) => {
    const { client } = context;
    await client.appendToStream('s', counted(3));
    const refused =
      how === 'delete'
        ? client.deleteStream(stream, { expectedRevision })
        : client.tombstoneStream(stream, { expectedRevision });
    await expect(refused).rejects.toThrow(WrongExpectedVersionError);
    await expect(refused).rejects.toMatchObject({
      streamName: stream,
      expectedVersion: expected,
      actualVersion: actual,
    });
  });
});

describe('metadata', () => {
  it('hides what is beyond its count or before its start, and lets the newest be read backwards', async () => {
    const { client } = context;
    await client.appendToStream('s', counted(6));
    await client.setStreamMetadata('s', { maxCount: 2 });
    expect(await revisions()).toEqual([4n, 5n]);
    await client.setStreamMetadata('s', { truncateBefore: 3 });
    expect(await revisions()).toEqual([3n, 4n, 5n]);
    const backwards = await collect(client.readStream('s', { direction: 'backwards', fromRevision: END }));
    expect(backwards.map(({ event }) => event?.revision)).toEqual([5n, 4n, 3n]);
    await client.setStreamMetadata('s', { truncateBefore: 100 });
    expect(await revisions()).toEqual([]);
  });

  it('is one event to read: the last', async () => {
    await context.client.setStreamMetadata('s', { maxCount: 2 });
    await context.client.setStreamMetadata('s', { maxCount: 3 });
    expect(await revisions('$$s')).toEqual([1n]);
  });
});
