import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newAggregate } from '@rapport/event-store/conformance';
import { type EventStoreDbEventStore, openEventStoreDb } from '@rapport/eventstoredb';
import type { Ending, Loss } from '@rapport/eventstoredb-double';
import { type DoubleServer, startDouble } from './eventstoredb-server.js';
import { type Circumstances, eventsOf, type Reached, witness } from './eventstoredb-workload.js';

const LOAD = { writers: 12, appends: 20 };
const LONG = 120_000;

describe('EventStoreDB in trouble', () => {
  let server: DoubleServer;
  let store: EventStoreDbEventStore;
  beforeAll(async () => {
    server = await startDouble();
  });
  beforeEach(() => {
    store = openEventStoreDb({ url: server.url, namespace: newAggregate(), appendTimeoutMilliseconds: 2_000 });
  });
  afterEach(async () => {
    await server.double.faults.reset();
    await store.close();
  });
  afterAll(() => server.stop());

  /** Every acknowledged event is stored once, in its order, and was followed once, in the order of the log. */
  const expectNothingLost = async (circumstances: Circumstances): Promise<void> => {
    const { acknowledged, followed } = await witness(store, LOAD, circumstances);
    await server.double.faults.reset();
    const positions = followed.map(({ position }) => position);
    expect(positions).toHaveLength(eventsOf(LOAD));
    expect(positions).toEqual([...new Set(positions)].toSorted());
    for (const [stream, ids] of acknowledged) {
      const stored: string[] = [];
      for await (const { id } of store.read(stream)) stored.push(id);
      expect(stored).toEqual(ids);
      expect(followed.filter((event) => event.stream === stream).map(({ id }) => id)).toEqual(ids);
    }
  };

  /** Again and again while the load runs. */
  const times =
    (count: number, meddle: () => Promise<unknown>) =>
    async (reached: Reached): Promise<void> => {
      for (let n = 1; n <= count; n += 1) {
        await reached((eventsOf(LOAD) * n) / (count + 1));
        await meddle();
      }
    };

  describe('loses nothing, stores and gives nothing twice, and keeps the order', () => {
    it.each<Ending>(['unavailable', 'cancelled', 'ok'])(
      'when every subscription ends: %s',
      async (ending) => {
        let dropped = 0;
        const drop = async () => (dropped += await server.double.faults.dropSubscriptions(ending));
        await expectNothingLost({ meddle: times(8, drop) });
        expect(dropped).toBeGreaterThan(0);
      },
      LONG,
    );

    it.each<Loss>(['silence', 'break', 'timeout'])(
      'when answers are lost after the write: %s',
      async (loss) => {
        await expectNothingLost({ meddle: times(4, () => server.double.faults.set({ loseAnswers: 10, loss })) });
      },
      LONG,
    );

    it(
      'when every answer takes its time',
      async () => {
        await server.double.faults.set({ delay: 20 });
        await expectNothingLost({});
      },
      LONG,
    );

    it(
      'when calls are answered with UNAVAILABLE',
      async () => {
        await server.double.faults.set({ unavailable: 5 });
        await expectNothingLost({ meddle: times(4, () => server.double.faults.set({ unavailable: 5 })) });
      },
      LONG,
    );

    it(
      'when the node is not the leader for a while',
      async () => {
        const { hostname: host, port } = new URL(server.url);
        const leave = async (): Promise<void> => {
          await server.double.faults.set({ notLeader: { host, port: Number(port) } });
          await setImmediate();
          await server.double.faults.set({ notLeader: null });
        };
        await expectNothingLost({ meddle: times(5, leave) });
      },
      LONG,
    );

    it(
      'when the consumer is slow and the reader slow too',
      async () => {
        await server.double.faults.set({ readerDelay: 1 });
        await expectNothingLost({ pace: async () => void (await store.serverVersion()) });
      },
      LONG,
    );

    it(
      'when the server is killed and comes back, twice',
      async () => {
        await expectNothingLost({ meddle: times(2, () => server.restart()) });
      },
      LONG,
    );
  });
});
