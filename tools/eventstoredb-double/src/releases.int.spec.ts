import { afterEach, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient, jsonEvent, type Position, START, streamNameFilter } from '@eventstore/db-client';
import { type Double, startDouble } from './double.js';
import { collect, counted } from './fixtures/running.js';
import { says, watch, type Watched } from './fixtures/watched.js';

let double: Double;
let client: EventStoreDBClient;
const open: Watched[] = [];

const start = async (as: string): Promise<void> => {
  double = await startDouble({ as });
  client = EventStoreDBClient.connectionString(double.url);
};
const opened = (watched: Watched): Watched => {
  open.push(watched);
  return watched;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ subscription }) => subscription.unsubscribe()));
  await client.dispose();
  await double.stop();
});

/** Follows streams that are not there, and keeps what it is told of how far the server has looked. */
const followNone = (fromPosition: Position | typeof START = START): [Watched, bigint[]] => {
  const positions: bigint[] = [];
  const watched = watch((say) =>
    client.subscribeToAll({
      fromPosition,
      filter: streamNameFilter({
        prefixes: ['none'],
        maxSearchWindow: 10,
        checkpointInterval: 3,
        checkpointReached: async (_: unknown, position: Position) => {
          positions.push(position.commit);
          say(position);
        },
      }),
    }),
  );
  return [opened(watched), positions];
};

describe('a release', () => {
  it.each([
    ['23.10', []],
    ['24.2', [2n ** 64n - 1n]],
    ['24.10', [2n ** 64n - 1n]],
    ['25.0', [0n]],
    ['26.0', [0n]],
  ])('%s says %j after a single page without a match', async (as, expected) => {
    await start(as);
    const [{ until }, positions] = followNone();
    await until(says('caught up'));
    expect(positions).toEqual(expected);
  });

  it.each([
    ['23.10', 3],
    ['24.2', 3],
    ['26.0', 4],
  ])('%s says %d checkpoints on its way through a hundred events', async (as, count) => {
    await start(as);
    await client.appendToStream('a', counted(100));
    const [{ until }, positions] = followNone();
    await until(says('caught up'));
    expect(positions).toHaveLength(count);
  });

  it('25.0 may say where the next event will be written', async () => {
    await start('25.0');
    // With the four that were there before, two pages that are full, and then an empty one.
    const first = await client.appendToStream('a', counted(16));
    const [{ until }, positions] = followNone();
    await until(says('caught up'));
    const { position } = await client.appendToStream('none', counted(1));
    expect(positions.at(-1)! >= first.position!.commit).toBe(true);
    expect(positions.at(-1)! <= position!.commit).toBe(true);
  });

  it.each([
    ['23.10', 'timeout'],
    ['24.2', 'caught up'],
  ])('%s tells a client that reads too slowly: %s', async (as, end) => {
    await start(as);
    const watched = opened(watch(() => client.subscribeToStream('a', { fromRevision: START })));
    await watched.until(says('confirmed'));
    watched.subscription.pause();
    const large = () => jsonEvent({ type: 'Large', data: 'x'.repeat(1000) });
    for (let n = 0; n < 3; n += 1) await client.appendToStream('a', Array.from({ length: 300 }, large));
    watched.subscription.resume();
    await watched.until((lines) => lines.lastIndexOf(end) > 0 && (end === 'timeout' || lines.includes('a@899')));
  });

  it.each([
    ['23.10', 2_000_000, false],
    ['26.0', 2_000_000, true],
  ])('%s takes an append of %d bytes: %p', async (as, bytes, taken) => {
    await start(as);
    const append = client.appendToStream('a', [jsonEvent({ type: 'Large', data: 'x'.repeat(bytes) })]);
    await (taken ? append : expect(append).rejects.toMatchObject({ type: 'maximum-append-size-exceeded' }));
  });

  it.each([
    ['23.10', ['$$$scavenges']],
    ['26.0', ['$user-admin', '$user-ops', '$users', '$users']],
  ])('%s begins with records of its own: %j', async (as, streams) => {
    await start(as);
    const all = await collect(client.readAll());
    expect(all.map(({ event }) => event!.streamId)).toEqual(streams);
  });

  it.each([
    ['23.10', ['stream-deleted']],
    ['26.0', ['confirmed', 'stream-deleted']],
  ])('%s answers a subscription to a tombstoned stream with %j', async (as, expected) => {
    await start(as);
    await client.appendToStream('a', counted(1));
    await client.tombstoneStream('a');
    const watched = opened(watch(() => client.subscribeToStream('a')));
    await watched.until(says('stream-deleted'));
    expect(watched.said).toEqual(expected);
  });

  it('that there is none of is refused by name', async () => {
    await start('26.0');
    await expect(startDouble({ as: '1.0' })).rejects.toThrow('There is no release "1.0"');
  });
});
