import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Double, spawnDouble } from '@rapport/eventstoredb-double';

/** A server to run tests against; it can be restarted only when it is ours. */
export interface EventStoreDbServer {
  readonly url: string;
  /** Killed without notice and started again on the same data. */
  readonly restart?: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Where a real server is, if somebody has told. */
export const GIVEN_URL = process.env['EVENTSTOREDB_URL'];

/** @param release that the double behaves as */
export const startServer = async (release?: string): Promise<EventStoreDbServer> =>
  GIVEN_URL ? { url: GIVEN_URL, stop: async () => undefined } : startDouble(release);

export interface DoubleServer extends EventStoreDbServer {
  readonly restart: () => Promise<void>;
  readonly double: Double;
}

/** The double in a process of its own, with its data on the disk. */
export const startDouble = async (as?: string): Promise<DoubleServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'rapport-eventstoredb-'));
  const double = await spawnDouble({ data: folder, as });
  return {
    double,
    url: double.url,
    async restart() {
      await double.kill();
      await double.restart();
    },
    async stop() {
      await double.stop();
      await rm(folder, { recursive: true });
    },
  };
};
