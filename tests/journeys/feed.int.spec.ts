import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {
  type Api,
  type Block,
  blocksOf,
  type CloudEvent,
  eventsOf,
  type Fields,
  problemOf,
  Rapport,
} from './support/index.js';

interface EventPage {
  readonly data: readonly CloudEvent[];
  readonly next: string;
  readonly hasMore: boolean;
}

const KILLS = 100;

let rapport: Rapport;
let api: Api;
let idle: Promise<Block>;
const leaving = new AbortController();

beforeAll(async () => {
  rapport = await Rapport.start();
  api = rapport.api;
  await api.post('/v1/pipelines', { name: 'Sales', currency: 'USD', stages: [{ name: 'Engaging', probability: 50 }] });
  // Watches for what never happens while the other tests go on.
  idle = firstComment(blocksOf(api, { filter: 'type = "nothing"', signal: leaving.signal }));
  idle.catch(() => undefined);
});
afterAll(async () => {
  leaving.abort();
  await rapport.stop();
});

const firstComment = async (blocks: AsyncIterable<Block>): Promise<Block> => {
  for await (const block of blocks) if (block.comment !== undefined) return block;
  throw new Error('The stream ended without a comment.');
};

const pageAfter = (after: string, more = ''): Promise<EventPage> =>
  api.get<EventPage>(`/v1/events?${after && `after=${after}&`}${more}`);

/** Everything that has happened, page by page. */
const everything = async (limit: number, filter = ''): Promise<readonly CloudEvent[]> => {
  const events: CloudEvent[] = [];
  for (let after = ''; ;) {
    const page = await pageAfter(after, `limit=${limit}${filter && `&filter=${encodeURIComponent(filter)}`}`);
    events.push(...page.data);
    if (!page.hasMore) return events;
    after = page.next;
  }
};

/** Records of both contexts that change again and again until told to stop, and ten times wherever writing is slow. */
const writers = (signal: AbortSignal): Promise<unknown> => {
  const change = async (list: string, fields: object): Promise<void> => {
    const { id } = await api.post(`/v1/${list}`, fields);
    for (let turn = 0; turn < 10 || !signal.aborted; turn += 1)
      await api.patch(`/v1/${list}/${id}`, { description: `turn ${turn}` });
  };
  return Promise.all(
    Array.from({ length: 4 }, (_, index) => [
      change('contacts', { lastName: `Writer ${index}` }),
      change('accounts', { name: `Writer ${index}` }),
      change('opportunities', { name: `Writer ${index}` }),
    ]).flat(),
  );
};

/** What one connection hears before it is cut: after so many events, or so many milliseconds if that is sooner. */
const listen = async (heard: CloudEvent[], events: number, milliseconds: number): Promise<void> => {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), milliseconds);
  let left = events;
  for await (const event of eventsOf(api, { lastEventId: heard.at(-1)?.cursor, signal: cut.signal })) {
    heard.push(event);
    if (--left <= 0) cut.abort();
    if (cut.signal.aborted) break;
  }
  clearTimeout(timer);
};

describe('a client of the stream', () => {
  it(`that is killed ${KILLS} times hears everything once, each record in order`, async () => {
    const enough = new AbortController();
    const writing = writers(enough.signal);
    const heard: CloudEvent[] = [];
    try {
      for (let kill = 0; kill < KILLS; kill += 1) await listen(heard, 1 + Math.random() * 60, Math.random() * 100);
    } finally {
      enough.abort();
      await writing;
    }
    const told = await everything(500);
    expect(told.length).toBeGreaterThan(KILLS);
    if (heard.length < told.length) await listen(heard, told.length - heard.length, 30_000);

    expect(new Set(heard.map(({ id }) => id)).size).toBe(heard.length);
    expect(heard.map(({ id }) => id).sort()).toEqual(told.map(({ id }) => id).sort());
    const revisions = new Map<string, number>();
    for (const { subject, revision } of heard) {
      expect({ subject, revision }).toEqual({ subject, revision: (revisions.get(subject) ?? -1) + 1 });
      revisions.set(subject, revision);
    }
    expect(revisions.size).toBe(13);
  });

  it('that does not read holds nobody up, and misses nothing', async () => {
    const { next } = await pageAfter('now');
    const signals = [new AbortController(), new AbortController()] as const;
    const slow = eventsOf(api, { after: next, signal: signals[0].signal });
    const quick = eventsOf(api, { after: next, signal: signals[1].signal });
    const description = 'x'.repeat(20_000);
    const rows = Array.from({ length: 40 }, () => ({ create: { name: 'Large', description } }));
    const idsFrom = async (events: AsyncIterable<CloudEvent>, count: number, ids: string[] = []): Promise<string[]> => {
      for await (const { id } of events) if (ids.push(id) === count) break;
      return ids;
    };
    await api.post('/v1/accounts', { name: 'First' });
    // It has begun to read, and reads no further.
    const first = (await slow.next()).value as CloudEvent;
    const reading = idsFrom(quick, 601);
    for (let batch = 0; batch < 15; batch += 1) await api.post('/v1/accounts:batch', { rows });
    const ids = await reading;
    expect(ids).toHaveLength(601);
    expect(await idsFrom(slow, 601, [first.id])).toEqual(ids);
    for (const signal of signals) signal.abort();
  });

  it('from now on hears only what comes next', async () => {
    const stop = new AbortController();
    const stream = blocksOf(api, { after: 'now', signal: stop.signal });
    // The stream's first words: it listens.
    await stream.next();
    const { id } = await api.post('/v1/accounts', { name: 'Next' });
    const { value } = (await stream.next()) as { value: Block };
    const told = JSON.parse(value.data!) as CloudEvent;
    expect(told).toMatchObject({ subject: `account/${id}`, revision: 0 });
    expect(value).toMatchObject({ event: 'rapport.contacts.v1.AccountCreated', id: told.cursor });
    stop.abort();
    await expect(stream.next()).rejects.toThrow();
  });
});

describe('the feed, page by page', () => {
  it('is the same whatever the size of the pages, and ends at now', async () => {
    const ids = (events: readonly CloudEvent[]): readonly string[] => events.map(({ id }) => id);
    expect(ids(await everything(97))).toEqual(ids(await everything(500)));
    const end = await pageAfter('now');
    expect(end).toMatchObject({ data: [], hasMore: false });
    const { id } = await api.post('/v1/accounts', { name: 'After now' });
    expect((await pageAfter(end.next)).data).toMatchObject([{ subject: `account/${id}` }]);
  });

  it('can be filtered', async () => {
    const { id } = await api.post('/v1/opportunities', { name: 'Won' });
    await api.post(`/v1/opportunities/${id}:win`, { closedOn: new Date().toISOString().slice(0, 10) });
    const won = await everything(100, 'type = "rapport.sales.v1.OpportunityWon"');
    expect(won.map(({ subject }) => subject)).toEqual([`opportunity/${id}`]);
    const subject = await everything(100, `subject = "opportunity/${id}" AND time >= 2017-01-01`);
    expect(subject.map(({ type, revision }) => [type, revision])).toEqual([
      ['rapport.sales.v1.OpportunityCreated', 0],
      ['rapport.sales.v1.OpportunityWon', 1],
    ]);
    expect(await everything(100, 'time < 2017-01-01')).toEqual([]);
    expect(await problemOf(pageAfter('', 'filter=colour%20%3D%203'))).toMatchObject({ status: 400 });
    expect(await problemOf(pageAfter('yesterday'))).toMatchObject({ status: 400 });
  });

  it('consists of CloudEvents that keep to the schemas they name', async () => {
    const { id } = await api.post('/v1/contacts', { lastName: 'Lovelace', email: 'ada@example.org' });
    const path = `/v1/contacts/${id}`;
    await api.patch(path, { email: null, tags: ['vip'] });
    const history = await api.get<{ data: readonly Fields[] }>(`${path}/history`);
    await api.post(`${path}:undo`, { eventId: history.data[0]!['eventId'] });
    await api.delete(path);
    await api.post(`${path}:restore`);
    await api.post(`${path}:erase`);
    const deal = `/v1/opportunities/${(await api.post('/v1/opportunities', { name: 'Lost' })).id}`;
    await api.post(`${deal}:move`, { stage: 'Engaging', probability: 60 });
    await api.post(`${deal}:lose`, { reason: 'Price' });
    await api.post(`${deal}:reopen`);
    await api.post('/v1/products', { name: 'GTX Pro', price: { minor: 5, currency: 'USD' } });
    await api.post('/v1/representatives', { name: 'Agent 1' });

    const ajv = addFormats.default(
      new Ajv2020({ strict: false, allErrors: true, formats: { currency: true, phone: true } }),
    );
    const events = await everything(500);
    const schemas = new Set(events.map(({ dataschema }) => dataschema));
    for (const schema of schemas) ajv.addSchema(await api.get<object>(schema), schema);
    expect(schemas.size).toBeGreaterThan(14);
    for (const event of events) {
      expect(event).toEqual(expect.objectContaining(CLOUD_EVENT));
      expect(Object.keys(event).filter((name) => !/^[a-z0-9]{1,20}$/.test(name))).toEqual([]);
      expect(event.dataschema).toBe(`/schemas/${event.type}.json`);
      ajv.validate(event.dataschema, event.data);
      expect({ type: event.type, errors: ajv.errors }).toEqual({ type: event.type, errors: null });
    }
    expect(JSON.stringify(events)).not.toContain('Lovelace');
  });
});

const CLOUD_EVENT = {
  specversion: '1.0',
  id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  source: expect.stringMatching(/^\/rapport\/(contacts|sales|identity)$/),
  type: expect.stringMatching(/^rapport\.(contacts|sales|identity)\.v1\.[A-Z][A-Za-z]+$/),
  subject: expect.stringMatching(/^[a-z]+\/[0-9a-f-]{36}$/),
  time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
  recordedtime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  datacontenttype: 'application/json',
  dataversion: expect.any(Number),
  tenant: 'main',
  actor: expect.stringMatching(/^(apiKey|system):/),
  correlationid: expect.any(String),
  cursor: expect.any(String),
};

describe('a stream on which nothing happens', () => {
  it('beats now and then, and says where to go on', async () => {
    const { comment, id } = await idle;
    expect(comment).toBe('heartbeat');
    expect((await pageAfter(id!)).data.length).toBeLessThan((await everything(500)).length);
  });
});
