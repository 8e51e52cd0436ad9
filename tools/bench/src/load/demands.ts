import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '../workplace/api.js';
import { TOKEN } from '../workplace/workplace.js';

/** Something that costs one caller's server much. */
export interface Demand {
  readonly what: string;
  /** Makes ready what need not be measured. */
  readonly prepare: (place: DemandPlace) => Promise<() => Promise<void>>;
}

export interface DemandPlace {
  readonly api: Api;
  /** `http://127.0.0.1:41234` */
  readonly address: string;
  /** Of a large file. */
  readonly bytes: number;
}

interface ImportView {
  readonly id: string;
  readonly state: string;
  readonly counts: Readonly<Record<string, number | string>>;
}

interface Feed {
  readonly next: string;
  readonly hasMore: boolean;
}

const POLL_MILLISECONDS = 20;
const CONNECTIONS = 8;
const QUESTIONS_EACH = 3;
const PAGES_EACH = 10;
/** More than one token may have. */
const STREAMS = 200;
const UNREAD_MILLISECONDS = 3_000;
const LONGEST_FILTER = 200;
const MOST_SEARCHES = 10;

const rowsOf = (bytes: number, row: (n: number) => string): string => {
  const rows: string[] = [];
  for (let n = 0, length = 0; length < bytes; n += 1) length += rows[rows.push(row(n)) - 1]!.length + 1;
  return rows.join('\n');
};

/** None of the addresses is one. */
const wrongContacts = (bytes: number): string =>
  `Last name,E-mail address,Description\n${rowsOf(bytes, (n) => `Person ${n},nowhere ${n},${'word '.repeat(100)}`)}`;

const deals = (bytes: number): string =>
  `name,stage,amount,engage_date,close_date,description\n${rowsOf(bytes, (n) => `Deal ${n},Open,${n % 9_000}.50,2017-03-${10 + (n % 20)},,${'word '.repeat(20)}`)}`;

const announce = async (api: Api, kind: string): Promise<string> => {
  const order = { fileName: `${kind}.csv`, settings: { currency: 'USD' } };
  return `/v1/imports/${kind}/${(await api.call<ImportView>('POST', `/v1/imports/${kind}`, { body: order })).body.id}`;
};

const until = async (api: Api, path: string, isReached: (view: ImportView) => boolean): Promise<void> => {
  for (;;) {
    const view = await api.get<ImportView>(path);
    if (view.state === 'failed') throw new Error(`${path} failed: ${JSON.stringify(view)}`);
    if (isReached(view)) return;
    await pause(POLL_MILLISECONDS);
  }
};

const errorsFile: Demand = {
  what: 'errors.csv of a large file, every row of which is refused',
  prepare: async ({ api, address, bytes }) => {
    const path = await announce(api, 'contacts');
    await api.call('PUT', `${path}/file`, { body: wrongContacts(bytes) });
    await api.call('POST', `${path}:validate`);
    await until(api, path, ({ state }) => state === 'validated');
    return async () => {
      const response = await fetch(`${address}${path}/errors.csv`, { headers: { authorization: `Bearer ${TOKEN}` } });
      let read = 0;
      for await (const piece of response.body!) read += (piece as Uint8Array).length;
      if (!response.ok || read < bytes) throw new Error(`errors.csv had ${read} bytes, and status ${response.status}.`);
    };
  },
};

const uploadEnd: Demand = {
  what: 'a large file arrives and is looked through, for its form and then for dates and numbers',
  prepare: async ({ api, bytes }) => {
    await api.call('POST', '/v1/pipelines', { body: { name: 'Large', stages: [{ name: 'Open', probability: 10 }] } });
    const path = await announce(api, 'opportunities');
    const body = deals(bytes);
    return async () => {
      await api.call('PUT', `${path}/file`, { body });
      await api.call('POST', `${path}:validate`);
      await until(api, path, ({ state, counts }) => state === 'validated' || Number(counts['processed'] ?? 0) > 0);
      await api.call('POST', `${path}:cancel`);
    };
  },
};

/** As many comparisons as a filter may have, and as many searches among them; nothing is found. */
const heaviest = (search: string, other: (n: number) => string): string =>
  Array.from({ length: LONGEST_FILTER }, (_, n) => (n < MOST_SEARCHES ? `${search}:"zz${n}qq"` : other(n))).join(
    ' OR ',
  );

const atOnce = (work: () => Promise<void>): Promise<void> =>
  Promise.all(Array.from({ length: CONNECTIONS }, work)).then(() => undefined);

const searches: Demand = {
  what: `the longest list filter that is permitted, with total, from ${CONNECTIONS} connections`,
  prepare: async ({ api }) => {
    const filter = heaviest('lastName', (n) => `phone="n${n}"`);
    const path = `/v1/contacts?${new URLSearchParams({ filter, total: 'true' }).toString()}`;
    return () =>
      atOnce(async () => {
        for (let n = 0; n < QUESTIONS_EACH; n += 1) await api.get(path);
      });
  },
};

const feed: Demand = {
  what: `the longest feed filter that is permitted, from ${CONNECTIONS} connections`,
  prepare: async ({ api }) => {
    const filter = heaviest('subject', (n) => `id=n${n}`);
    return () =>
      atOnce(async () => {
        let after = '';
        for (let n = 0; n < PAGES_EACH; n += 1) {
          const parameters = new URLSearchParams({ filter, limit: '200', ...(after === '' ? {} : { after }) });
          const { next, hasMore } = await api.get<Feed>(`/v1/events?${parameters.toString()}`);
          if (!hasMore) return;
          after = next;
        }
      });
  },
};

/** Reads nothing of its answer. */
const unread = async (address: string): Promise<Socket> => {
  const { hostname, port } = new URL(address);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write(`GET /v1/events/stream HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${TOKEN}\r\n\r\n`);
  return socket;
};

const streams: Demand = {
  what: `${STREAMS} streams of events that nobody reads, of one token`,
  prepare:
    async ({ address }) =>
    async () => {
      const sockets = await Promise.all(Array.from({ length: STREAMS }, () => unread(address)));
      await pause(UNREAD_MILLISECONDS);
      for (const socket of sockets) socket.destroy();
    },
};

/** What once held everybody up. */
export const demands: readonly Demand[] = [errorsFile, uploadEnd, searches, feed, streams];
