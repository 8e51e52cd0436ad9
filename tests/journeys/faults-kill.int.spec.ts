import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Api, Fields } from './support/api.js';
import { ServerProcess, temporaryFolder } from './support/child-process.js';
import { everyEvent, everyRecord, readModelsOf, rebuildAll } from './support/contents.js';
import { eventually } from './support/eventually.js';
import { Import, type ImportView } from './support/imports.js';

jest.setTimeout(120_000);

const CREATES = 1_000;
let folder: ReturnType<typeof temporaryFolder>;
let server: ServerProcess;

beforeEach(async () => {
  folder = temporaryFolder();
  server = await ServerProcess.start({ data: folder.path });
});
afterEach(async () => {
  await server.kill();
  folder.remove();
});

const restart = async (): Promise<void> => {
  await server.kill();
  server = await ServerProcess.start({ data: folder.path });
};

interface Order {
  readonly list: '/v1/contacts' | '/v1/opportunities';
  readonly key: string;
  readonly body: Fields;
}

/** What the client wrote down before it sent anything. */
const ordersOf = (round: number): readonly Order[] =>
  Array.from({ length: CREATES }, (_, n) => {
    const externalId = `round-${round}-${n}`;
    return n % 2 === 0
      ? {
          list: '/v1/contacts',
          key: `key-${externalId}`,
          body: { externalId, lastName: `Person ${n}`, email: `p${n}@r${round}.example` } as never,
        }
      : {
          list: '/v1/opportunities',
          key: `key-${externalId}`,
          body: { externalId, name: `Deal ${n}`, amount: { minor: n * 100, currency: 'USD' } } as never,
        };
  });

const send = (api: Api, { list, key, body }: Order): Promise<Fields> =>
  api.post(list, body, { 'idempotency-key': key });

/** Sends everything at once and kills the server when `after` answers are there. The acknowledged ones by key. */
const createUntilKilled = async (orders: readonly Order[], after: number): Promise<Map<string, Fields>> => {
  const acknowledged = new Map<string, Fields>();
  const { api } = server;
  const sent = orders.map(async (order) => {
    acknowledged.set(order.key, await send(api, order));
    if (acknowledged.size === after) await server.kill();
  });
  await Promise.allSettled(sent);
  await restart();
  return acknowledged;
};

const expectEventsInOrder = async (api: Api, records: number): Promise<void> => {
  const events = await everyEvent(api, 'event = "ContactCreated" OR event = "OpportunityCreated"');
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(new Set(events.map(({ subject }) => subject)).size).toBe(records);
  expect(events.filter(({ revision }) => revision !== 0)).toEqual([]);
};

describe('a server killed in the middle of a thousand creates', () => {
  it('has every acknowledged write, none twice, and read models that equal a rebuild', async () => {
    await server.api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'New', probability: 20 }] });
    const rounds = [1, 250, 700].map((least) => least + Math.floor(Math.random() * 200));
    for (const [round, after] of rounds.entries()) {
      const orders = ordersOf(round);
      const acknowledged = await createUntilKilled(orders, after);
      const { api } = server;
      expect(acknowledged.size).toBeGreaterThanOrEqual(after);
      await expectKept(api, orders, acknowledged);
      // Who got no answer asks again under the same key, and so may who got one.
      const again = await Promise.all(orders.map((order) => send(api, order)));
      for (const [n, { key }] of orders.entries())
        expect(again[n]).toMatchObject({ id: acknowledged.get(key)?.id ?? again[n]!.id });
    }
    const { api } = server;
    const total = rounds.length * CREATES;
    const [contacts, opportunities] = [
      await everyRecord(api, '/v1/contacts'),
      await everyRecord(api, '/v1/opportunities'),
    ];
    const keys = [...contacts.values(), ...opportunities.values()].map(({ externalId }) => externalId);
    expect([keys.length, new Set(keys).size]).toEqual([total, total]);
    await expectEventsInOrder(api, total);
    const before = await readModelsOf(api);
    expect(await rebuildAll(api)).toEqual(expect.arrayContaining(['contacts', 'opportunities', 'import_rows']));
    expect(await readModelsOf(api)).toEqual(before);
  });
});

/** Every acknowledged record with its content, once; beside them nothing but what was sent and not acknowledged. */
const expectKept = async (
  api: Api,
  orders: readonly Order[],
  acknowledged: ReadonlyMap<string, Fields>,
): Promise<void> => {
  for (const list of ['/v1/contacts', '/v1/opportunities'] as const) {
    const sent = orders.filter((order) => order.list === list);
    const wanted = new Map(sent.flatMap(({ key }) => acknowledged.get(key) ?? []).map((record) => [record.id, record]));
    const shown = await eventually(
      () => everyRecord(api, list),
      (records) => [...wanted.keys()].every((id) => records.has(id)),
    );
    for (const [id, record] of wanted) expect(shown.get(id)).toEqual(record);
    const ours = new Set(sent.map(({ body }) => body['externalId']));
    const found = [...shown.values()].map(({ externalId }) => externalId).filter((externalId) => ours.has(externalId));
    expect(new Set(found).size).toBe(found.length);
  }
};

const ROWS = 3_000;
const people = (): string => {
  const rows = Array.from({ length: ROWS }, (_, n) => {
    const email = n % 100 === 7 ? 'no e-mail address' : `guest${n % 2_800}@import.example`;
    return `k${n % 2_800},First ${n},Last ${n},${email},Town ${n % 50}`;
  });
  return ['Contact ID,First Name,Last Name,Email,City', ...rows].join('\n');
};

const ENDS = ['done', 'failed'];

/** Runs an import of the file; at each of the given counts of rows the server is killed and started again. */
const importWithKills = async (kills: readonly number[]): Promise<ImportView> => {
  const started = await Import.of(server.api, 'contacts', people());
  await server.api.post(`${started.path}:run`);
  const view = (): Promise<ImportView> => server.api.get<ImportView>(started.path);
  for (const rows of kills) {
    await eventually(view, ({ counts, state }) => Number(counts?.['processed'] ?? 0) >= rows || ENDS.includes(state));
    await restart();
  }
  return eventually(view, ({ state }) => ENDS.includes(state), 60_000);
};

const outcomeOf = async (api: Api, id: string): Promise<unknown> => {
  const rows: unknown[] = [];
  for await (const { row, outcome, problems } of api.walk<Fields>(`/v1/imports/contacts/${id}/rows`, {
    limit: '200',
  })) {
    rows.push({ row, outcome, problems });
  }
  const contacts = [...(await everyRecord(api, '/v1/contacts')).values()];
  const people = contacts.map(({ firstName, lastName, email, address, externalId }) => ({
    firstName,
    lastName,
    email,
    address,
    externalId,
  }));
  return { rows, people: people.sort((a, b) => String(a.externalId).localeCompare(String(b.externalId))) };
};

describe('a server killed in the middle of an import', () => {
  it('goes on by itself and ends as if nothing had happened', async () => {
    const undisturbed = await importWithKills([]);
    expect(undisturbed).toMatchObject({ state: 'done', counts: { rows: ROWS } });
    const wanted = await outcomeOf(server.api, undisturbed.id);
    await server.kill();
    folder.remove();
    folder = temporaryFolder();
    server = await ServerProcess.start({ data: folder.path });
    const disturbed = await importWithKills([1, 1_000, 2_000]);
    expect({ state: disturbed.state, counts: disturbed.counts }).toEqual({ state: 'done', counts: undisturbed.counts });
    expect(await outcomeOf(server.api, disturbed.id)).toEqual(wanted);
    const created = await everyEvent(server.api, 'event = "ContactCreated"');
    expect(new Set(created.map(({ subject }) => subject)).size).toBe(created.length);
    const before = await readModelsOf(server.api);
    await rebuildAll(server.api);
    expect(await readModelsOf(server.api)).toEqual(before);
  });
});
