import { describe, expect, it } from '@jest/globals';
import {
  type AllStreamResolvedEvent,
  binaryEvent,
  END,
  jsonEvent,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
} from '@eventstore/db-client';
import { collect, counted, running } from './fixtures/running.js';

const context = running();

const revisions = async (options: ReadStreamOptions): Promise<number[]> =>
  (await collect(context.client.readStream('s', options))).map(({ event }) => Number(event?.revision));

it('gives events as they were appended', async () => {
  const { client } = context;
  const json = jsonEvent({ type: 'Örtlich', data: { text: 'grün' }, metadata: { by: 'me' } });
  const binary = binaryEvent({ type: 'Bytes', data: Buffer.from([0, 255]), metadata: Buffer.from([1]) });
  const before = Date.now();
  const { position } = await client.appendToStream('straße', [
    json,
    binary,
    binaryEvent({ type: 'Empty', data: Buffer.alloc(0) }),
  ]);
  const [first, second, third] = (await collect(client.readStream('straße'))).map(({ event }) => event!);
  expect(first).toMatchObject({ streamId: 'straße', id: json.id, revision: 0n, type: 'Örtlich', isJson: true });
  expect([first!.data, first!.metadata]).toEqual([{ text: 'grün' }, { by: 'me' }]);
  expect(first!.created.getTime()).toBeGreaterThanOrEqual(before);
  expect(first!.created.getTime()).toBeLessThanOrEqual(Date.now());
  expect([second!.isJson, Buffer.from(second!.data as Uint8Array)]).toEqual([false, Buffer.from([0, 255])]);
  expect([third!.revision, third!.metadata, third!.position]).toEqual([2n, undefined, position]);
});

describe('one stream', () => {
  it.each<[ReadStreamOptions, number[]]>([
    [{}, [0, 1, 2, 3, 4]],
    [{ fromRevision: 2n }, [2, 3, 4]],
    [{ fromRevision: 2n, maxCount: 2 }, [2, 3]],
    [{ fromRevision: 9n }, []],
    [{ direction: 'backwards', fromRevision: END }, [4, 3, 2, 1, 0]],
    [{ direction: 'backwards', fromRevision: 3n, maxCount: 2 }, [3, 2]],
    [{ direction: 'backwards', fromRevision: 99n }, [4, 3, 2, 1, 0]],
    [{ direction: 'backwards' }, [0]],
  ])('%p', async (options, expected) => {
    await context.client.appendToStream('s', counted(5));
    expect(await revisions(options)).toEqual(expected);
  });

  it('that is missing is told by a message, so the error has no code', async () => {
    const missing = { type: 'stream-not-found', streamName: 'nowhere', code: undefined };
    await expect(collect(context.client.readStream('nowhere'))).rejects.toMatchObject(missing);
    await context.client.setStreamMetadata('nowhere', { maxCount: 1 });
    await expect(collect(context.client.readStream('nowhere'))).rejects.toMatchObject(missing);
  });

  it('cannot be read for no events', async () => {
    await expect(revisions({ maxCount: 0 })).rejects.toMatchObject({ type: 'unknown', code: 2 });
  });
});

describe('all streams', () => {
  const all = async (options: ReadAllOptions): Promise<AllStreamResolvedEvent[]> =>
    collect(context.client.readAll(options));
  const positions = async (options: ReadAllOptions): Promise<bigint[]> =>
    (await all(options)).map(({ event }) => event!.position.commit);

  it('begin with system events, at growing positions with gaps', async () => {
    await context.client.appendToStream('a', counted(2));
    await context.client.appendToStream('b', counted(2));
    const events = (await all({})).map(({ event }) => event!);
    expect(events[0]!.streamId).toMatch(/^\$/);
    expect(events.slice(-4).map(({ streamId }) => streamId)).toEqual(['a', 'a', 'b', 'b']);
    const at = events.map(({ position }) => position);
    expect(at.every(({ commit, prepare }, n) => commit === prepare && commit > (at[n - 1]?.commit ?? 0n) + 1n)).toBe(
      true,
    );
  });

  it('are read forwards with the position, backwards without it', async () => {
    await context.client.appendToStream('a', counted(3));
    const everything = await positions({});
    const middle = { commit: everything.at(-2)!, prepare: everything.at(-2)! };
    expect(await positions({ fromPosition: middle })).toEqual(everything.slice(-2));
    const backwards = { direction: 'backwards' } as const;
    expect(await positions({ ...backwards, fromPosition: middle, maxCount: 2 })).toEqual(
      everything.slice(-4, -2).reverse(),
    );
    expect(await positions({ ...backwards, fromPosition: END })).toEqual(everything.toReversed());
    expect(await positions(backwards)).toEqual([]);
  });

  it.each<[string, (last: bigint) => Position, object | bigint[]]>([
    ['0', () => ({ commit: 0n, prepare: 0n }), {}],
    ['between two records', (last) => ({ commit: last - 1n, prepare: last - 1n }), { type: 'unknown', code: 3 }],
    [
      'with the prepare position after the commit position',
      (last) => ({ commit: last, prepare: last + 1n }),
      { code: 2 },
    ],
    ['beyond the end', (last) => ({ commit: last * 2n, prepare: last * 2n }), []],
  ])('from a position %s', async (_, from, result) => {
    const everything = await positions({});
    const read = positions({ fromPosition: from(everything.at(-1)!) });
    if ('code' in result) await expect(read).rejects.toMatchObject(result);
    else expect(await read).toEqual(Array.isArray(result) ? result : everything);
  });
});

describe('a link', () => {
  const link = (to: string): ReturnType<typeof binaryEvent> => binaryEvent({ type: '$>', data: Buffer.from(to) });

  it('is resolved only when asked for, and only as long as its target is there', async () => {
    const { client } = context;
    await client.appendToStream('target', counted(2));
    await client.appendToStream('links', [link('1@target'), link('7@target'), link('0@nowhere')]);
    const asIs = await collect(client.readStream('links'));
    expect(asIs.map(({ event, link: by }) => [event?.type, by])).toEqual([1, 2, 3].map(() => ['$>', undefined]));
    const resolved = await collect(client.readStream('links', { resolveLinkTos: true }));
    expect(resolved.map(({ event, link: by }) => [event?.streamId, event?.revision, by?.streamId])).toEqual([
      ['target', 1n, 'links'],
      [undefined, undefined, 'links'],
      [undefined, undefined, 'links'],
    ]);
  });
});

it('reads more than fits into memory buffers, as fast as the client wants', async () => {
  await context.client.appendToStream('s', counted(2000));
  const read = context.client.readStream('s');
  const seen: bigint[] = [];
  for await (const { event } of read) {
    seen.push(event!.revision);
    if (seen.length === 1000) break;
  }
  await read.cancel();
  expect(seen).toEqual(Array.from({ length: 1000 }, (_, n) => BigInt(n)));
});
