import { afterEach, describe, expect, it } from '@jest/globals';
import {
  END,
  type EventData,
  eventTypeFilter,
  excludeSystemEvents,
  type Filter,
  jsonEvent,
  type Position,
  START,
  streamNameFilter,
  type SubscribeToAllOptions,
} from '@eventstore/db-client';
import { collect, counted, running } from './fixtures/running.js';
import { says, watch, type Watched } from './fixtures/watched.js';

const context = running();

const open: Watched[] = [];
afterEach(() => Promise.all(open.splice(0).map(({ subscription }) => subscription.unsubscribe())));

const opened = (watched: Watched): Watched => {
  open.push(watched);
  return watched;
};
const all = (options: SubscribeToAllOptions = {}): Watched =>
  opened(watch(() => context.client.subscribeToAll(options)));
const one = (stream: string, fromRevision: typeof START | typeof END | bigint = START): Watched =>
  opened(watch(() => context.client.subscribeToStream(stream, { fromRevision })));
const withoutSystem = (said: readonly string[]): string[] => said.filter((line) => !line.startsWith('$'));

/** A filter that counts checkpoints and keeps their positions. */
const checkpoints = (make: (options: object) => Filter, fromPosition?: Position): [Watched, Position[]] => {
  const positions: Position[] = [];
  const watched = watch((say) => {
    const checkpointReached = async (_: unknown, position: Position): Promise<void> => {
      positions.push(position);
      say(position);
    };
    return context.client.subscribeToAll({ filter: make({ checkpointReached }), fromPosition: fromPosition ?? START });
  });
  return [opened(watched), positions];
};

describe('to all streams', () => {
  it('gives history, says that it has caught up, and goes on', async () => {
    await context.client.appendToStream('a', counted(2));
    const { said, until } = all();
    await until(says('caught up'));
    await context.client.appendToStream('b', counted(1));
    await context.client.appendToStream('a', counted(1));
    await until(says('a@2'));
    expect(withoutSystem(said)).toEqual(['confirmed', 'a@0', 'a@1', 'caught up', 'b@0', 'a@2']);
    expect(said).toContain('$users@0');
  });

  it('leaves out the position that it starts after', async () => {
    const { position } = await context.client.appendToStream('a', counted(2));
    await context.client.appendToStream('b', counted(1));
    const { said, until } = all({ fromPosition: position! });
    await until(says('caught up'));
    expect(said).toEqual(['confirmed', 'b@0', 'caught up']);
  });

  it('gives only what comes when it starts at the end', async () => {
    await context.client.appendToStream('a', counted(2));
    const { said, until } = all({ fromPosition: END });
    await until(says('caught up'));
    await context.client.appendToStream('a', counted(1));
    await until(says('a@2'));
    expect(said).toEqual(['confirmed', 'caught up', 'a@2']);
  });

  it('skips everything up to a position beyond the end, also what comes later', async () => {
    const { position } = await context.client.appendToStream('a', counted(2));
    const beyond = position!.commit + 10_000n;
    const { said, until } = all({ fromPosition: { commit: beyond, prepare: beyond } });
    await until(says('caught up'));
    await context.client.appendToStream('b', [jsonEvent({ type: 'Large', data: 'x'.repeat(20_000) })]);
    await context.client.appendToStream('a', counted(1));
    await until(says('a@2'));
    expect(said).toEqual(['confirmed', 'caught up', 'a@2']);
  });

  it('refuses a position that is no record', async () => {
    const { position } = await context.client.appendToStream('a', counted(2));
    const between = { commit: position!.commit - 1n, prepare: position!.commit - 1n };
    await all({ fromPosition: between }).until(says('unknown'));
  });

  it.each<[string, Filter, string[]]>([
    [
      'prefixes of streams',
      streamNameFilter({ prefixes: ['order-', 'offer-'] }),
      ['offer-1@0', 'order-1@0', 'order-1@1'],
    ],
    ['a pattern of streams', streamNameFilter({ regex: '^o.*r-1$' }), ['offer-1@0', 'order-1@0', 'order-1@1']],
    ['prefixes of types', eventTypeFilter({ prefixes: ['Pl', 'X'] }), ['order-1@1']],
    ['no system events', excludeSystemEvents(), ['offer-1@0', 'order-1@0', 'note-1@0', 'order-1@1']],
  ])('filters by %s', async (_, filter, expected) => {
    const { client } = context;
    await client.appendToStream('offer-1', counted(1));
    await client.appendToStream('order-1', counted(1));
    const { said, until } = all({ filter });
    await until(says('caught up'));
    await client.appendToStream('note-1', counted(1));
    await client.setStreamMetadata('order-1', { maxCount: 9 });
    await client.appendToStream('order-1', [jsonEvent({ type: 'Placed', data: {} })]);
    await until(says('order-1@1'));
    expect(said.filter((line) => line.includes('@'))).toEqual(expected);
  });

  it('refuses a pattern that is none', async () => {
    await all({ filter: streamNameFilter({ regex: '(' }) }).until(says('unknown'));
  });
});

describe('checkpoints', () => {
  const none = (options: object): Filter =>
    streamNameFilter({ prefixes: ['none'], maxSearchWindow: 10, checkpointInterval: 3, ...options });
  const everything = async (): Promise<Position[]> =>
    (await collect(context.client.readAll())).map(({ event }) => event!.position);

  it('tell while it catches up where the last page began, and then each event at which one is due', async () => {
    await context.client.appendToStream('a', counted(100));
    const [{ said, until }, positions] = checkpoints(none);
    await until(says('caught up'));
    expect(said).toEqual(['confirmed', 'checkpoint', 'checkpoint', 'checkpoint', 'checkpoint', 'caught up']);
    const log = await everything();
    expect(positions).toEqual([20, 50, 80, 100].map((index) => log[index]));
    const { position } = await context.client.appendToStream('a', counted(30));
    await until((lines) => lines.length === 7);
    expect([said.at(-1), positions.at(-1)]).toEqual(['checkpoint', position]);
  });

  it('tell the beginning after a single page, and what was given last if that is further', async () => {
    const [first, beginning] = checkpoints(none);
    await first.until(says('caught up'));
    expect(beginning).toEqual([{ commit: 0n, prepare: 0n }]);
    const { position } = await context.client.appendToStream('none', counted(1));
    await context.client.appendToStream('a', counted(1));
    const [second, given] = checkpoints(none);
    await second.until(says('caught up'));
    expect([second.said, given]).toEqual([['confirmed', 'none@0', 'checkpoint', 'caught up'], [position]]);
  });

  it('are not needed when there is no history, and never come without a filter', async () => {
    const { position } = await context.client.appendToStream('a', counted(100));
    const [filtered] = checkpoints(none, position);
    const unfiltered = all();
    await Promise.all([filtered, unfiltered].map(({ until }) => until(says('caught up'))));
    expect(filtered.said).toEqual(['confirmed', 'caught up']);
    expect(unfiltered.said).not.toContain('checkpoint');
  });

  it('can be started from', async () => {
    await context.client.appendToStream('a', counted(15));
    const [first, positions] = checkpoints(none);
    await first.until(says('caught up'));
    const at = (await everything()).findIndex(({ commit }) => commit === positions.at(-1)!.commit);
    const { said, until } = all({ fromPosition: positions.at(-1)! });
    await until(says('caught up'));
    // Four system events stand before those of the stream.
    const left = Array.from({ length: 15 }, (_, n) => `a@${n}`).slice(at - 3);
    expect([at, said]).toEqual([10, ['confirmed', ...left, 'caught up']]);
  });
});

describe('to one stream', () => {
  it('gives what follows its start, of a stream that may not be there yet', async () => {
    const { said, until } = one('a');
    await until(says('caught up'));
    await context.client.appendToStream('b', counted(1));
    await context.client.appendToStream('a', counted(2));
    await until(says('a@1'));
    expect(said).toEqual(['confirmed', 'caught up', 'a@0', 'a@1']);
    const after = one('a', 0n);
    await after.until(says('caught up'));
    expect(after.said).toEqual(['confirmed', 'a@1', 'caught up']);
  });

  it('says nothing of a soft deletion and goes on with what comes then', async () => {
    await context.client.appendToStream('a', counted(2));
    const { said, until } = one('a', END);
    await until(says('caught up'));
    await context.client.deleteStream('a');
    await context.client.appendToStream('a', counted(1));
    await until(says('a@2'));
    expect(said).toEqual(['confirmed', 'caught up', 'a@2']);
  });

  it('ends with an error after a tombstone, which it gives when it is there to see it', async () => {
    await context.client.appendToStream('a', counted(1));
    const { said, until } = one('a');
    await until(says('caught up'));
    await context.client.tombstoneStream('a');
    await until(says('stream-deleted'));
    expect(said).toEqual(['confirmed', 'a@0', 'caught up', 'a@9223372036854775807', 'stream-deleted']);
    const late = one('a');
    await late.until(says('stream-deleted'));
    expect(late.said).toEqual(['confirmed', 'stream-deleted']);
  });
});

describe('a client that reads too slowly', () => {
  it('loses nothing, gets everything in order, and is told once more that it has caught up', async () => {
    const { said, until, subscription } = one('a');
    await until(says('caught up'));
    subscription.pause();
    const large = (): EventData => jsonEvent({ type: 'Large', data: 'x'.repeat(1000) });
    for (let n = 0; n < 3; n++) await context.client.appendToStream('a', Array.from({ length: 300 }, large));
    subscription.resume();
    await until((lines) => lines.includes('a@899') && lines.lastIndexOf('caught up') > lines.indexOf('caught up'));
    const events = said.filter((line) => line.startsWith('a@'));
    expect(events).toEqual(Array.from({ length: 900 }, (_, n) => `a@${n}`));
  });
});
