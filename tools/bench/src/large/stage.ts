import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listed } from '../distributed/settled.js';
import { percentile } from '../report/figures.js';
import { listTimes } from '../rows/list.js';
import type { Api } from '../workplace/api.js';
import { importContacts } from '../workplace/import-contacts.js';
import { forgetPeak, memoryOf, type MemoryUsage } from '../workplace/process-usage.js';
import type { Server } from '../workplace/server.js';
import { EVENTS_EACH, fill } from './fill.js';
import { readFeed } from './read-feed.js';

/** What was seen of an installation of one size. Times are milliseconds. */
export interface Stage {
  readonly contacts: number;
  readonly events: number;
  readonly fill: number;
  /** Events that this stage added. */
  readonly added: number;
  readonly restart: number;
  readonly atRest: MemoryUsage | undefined;
  /** 95th percentile, by question. */
  readonly lists: ReadonlyMap<string, number>;
  readonly feed: { readonly events: number; readonly took: number };
  readonly rebuild: number;
  readonly rebuilding: MemoryUsage | undefined;
  readonly importedPerMinute: number;
  readonly afterImport: MemoryUsage | undefined;
  /** Bytes of facts, keys and views. */
  readonly disk: ReadonlyMap<string, number>;
}

export interface Place {
  readonly folder: string;
  readonly quick: boolean;
  /** Stops the server and starts it again on its folder. */
  readonly restart: () => Promise<Server>;
  readonly apiOf: (server: Server) => Api;
}

/** Numbers of people who are brought in by a file begin here, far from the others. */
const OF_FILES = 50_000_000;

/** Fills up from `from` contacts to `to`, and looks at everything that may have become slower or larger. */
export const stageOf = async (place: Place, server: Server, from: number, to: number): Promise<Stage & Running> => {
  const before = place.apiOf(server);
  const filled = await timed(async () => {
    await fill(before, from, to);
    await listed(before);
  });
  const running = await place.restart();
  const api = place.apiOf(running);
  await listed(api);
  const atRest = memoryOf(running.pid);
  const asked = await listTimes(api, place.quick ? 10 : 60);
  const feed = await readFeed(api, place.quick ? 1_000 : 20_000);
  forgetPeak(running.pid);
  const rebuild = await timed(() => api.call('POST', '/v1/operations/contacts/projections/contacts:rebuild'));
  const rebuilding = memoryOf(running.pid);
  const { rows, run } = await importContacts(api, running.pid, place.quick ? 500 : 20_000, OF_FILES + to);
  return {
    ...{ server: running, contacts: to, events: to * EVENTS_EACH, fill: filled, added: (to - from) * EVENTS_EACH },
    ...{ restart: running.startMilliseconds, atRest, feed, rebuild, rebuilding },
    lists: new Map(asked.map(({ name, times }) => [name, percentile(times, 0.95)])),
    importedPerMinute: (rows / run) * 60_000,
    afterImport: memoryOf(running.pid),
    disk: sizesIn(place.folder),
  };
};

interface Running {
  readonly server: Server;
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

/** By what is in the files: what is derived can be made anew, facts and keys cannot. */
const sizesIn = (folder: string): ReadonlyMap<string, number> => {
  const sizes = new Map<string, number>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const kind = /views/.test(name) ? 'views' : /keys/.test(name) ? 'keys' : 'facts';
    const file = statSync(join(folder, name));
    if (file.isFile()) sizes.set(kind, (sizes.get(kind) ?? 0) + file.size);
  }
  return sizes;
};
