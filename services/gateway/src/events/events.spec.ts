import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { eventsV1 } from '@rapport/contracts';
import { positionOf } from '@rapport/kernel';
import fc from 'fast-check';
import { createConnection, type Socket } from 'node:net';
import { FakeBackend, FakeFeed } from '../testing/fake-context.js';
import type { GatewayConfig } from '../gateway-config.js';
import { ADMIN, type OpenGateway, openGateway } from '../testing/open-gateway.js';
import { cursorOf, type Places, progressIn } from './cursor.js';

// A loaded machine is no fault of ours.
jest.setTimeout(60_000);

const cursorAt = (places: Places): string => cursorOf({ places, rights: '' });

let contacts: FakeFeed;
let sales: FakeFeed;
let door: OpenGateway;

const backendOf = (feed: FakeFeed): FakeBackend =>
  new FakeBackend({
    'events.v1.ContextEventsService.pullEvents': (request: eventsV1.PullEventsRequest, call) =>
      feed.pull(request, call),
  });

const open = (config: Partial<GatewayConfig> = {}): Promise<OpenGateway> =>
  openGateway({
    contexts: [contacts, sales].map((feed) => ({ name: feed.context, importKinds: [], backend: backendOf(feed) })),
    config: { heartbeatSeconds: 0.02, rateLimit: { quota: 0, windowSeconds: 1 }, ...config },
  });

beforeEach(async () => {
  contacts = new FakeFeed('contacts');
  sales = new FakeFeed('sales');
  door = await open();
});

afterEach(() => door.close());

/** History of both contexts, their times interleaved: even seconds in contacts, odd ones in sales. */
const fill = (count: number): void => {
  for (let i = 0; i < count; i += 1) {
    const feed = i % 2 === 0 ? contacts : sales;
    feed.append(`contact/${i % 6}`, Math.floor(i / 6), new Date(i * 1000).toISOString());
  }
};

interface Received {
  readonly id: string;
  readonly event: eventsV1.CloudEvent;
}

/** Reads a stream event by event; leaving the loop breaks the connection. */
async function* stream(gateway: OpenGateway, query = '', last?: string): AsyncGenerator<Received> {
  const stopped = new AbortController();
  const headers: Record<string, string> = last === undefined ? {} : { 'last-event-id': last };
  const response = await gateway.fetch(`/v1/events/stream${query}`, { headers, signal: stopped.signal });
  let text = '';
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const frames = text.split('\n\n');
      text = frames.pop()!;
      for (const frame of frames) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1];
        if (field('data') !== undefined)
          yield { id: field('id')!, event: JSON.parse(field('data')!) as eventsV1.CloudEvent };
      }
    }
  } finally {
    stopped.abort();
  }
}

const take = async (source: AsyncGenerator<Received>, count: number): Promise<Received[]> => {
  const taken: Received[] = [];
  if (count === 0) return taken;
  for await (const each of source) if (taken.push(each) === count) break;
  return taken;
};

const ids = (received: readonly Received[]): readonly string[] => received.map(({ event }) => event.id);

const expectOrderPerRecord = (events: readonly eventsV1.CloudEvent[]): void => {
  const last = new Map<string, number>();
  for (const { source, subject, revision } of events) {
    const record = `${source} ${subject}`;
    expect(revision).toBe((last.get(record) ?? -1) + 1);
    last.set(record, revision);
  }
};

describe('the list of events', () => {
  it('joins the contexts in the order they were recorded, page by page', async () => {
    fill(25);
    const times: string[] = [];
    let next = '';
    for (let more = true; more;) {
      const { body } = await door.call('GET', `/v1/events?limit=10${next === '' ? '' : `&after=${next}`}`);
      times.push(...body.data.map(({ recordedtime }) => recordedtime));
      ({ next, hasMore: more } = body);
    }
    expect(times).toHaveLength(25);
    expect(times).toEqual(times.toSorted());
    const after = await door.call('GET', `/v1/events?after=${next}`);
    expect(after.body).toMatchObject({ data: [], hasMore: false, next });
  });

  it('goes on behind any event', async () => {
    fill(8);
    const all = (await door.call('GET', '/v1/events')).body.data;
    const rest = (await door.call('GET', `/v1/events?after=${all[4]!.cursor}`)).body.data;
    expect(rest.map(({ id }) => id)).toEqual(all.slice(5).map(({ id }) => id));
  });

  it('from now on knows nothing of the past', async () => {
    fill(4);
    const { body } = await door.call('GET', '/v1/events?after=now');
    expect(body).toMatchObject({ data: [], hasMore: false });
    sales.append('contact/1', 9, '2026-01-01T00:00:00.000Z');
    expect((await door.call('GET', `/v1/events?after=${body.next}`)).body.data).toHaveLength(1);
  });

  it.each([
    'x',
    'bm90IGpzb24',
    Buffer.from('[]').toString('base64url'),
    cursorAt({ contacts: 'x' }),
    cursorAt({ contacts: '1' }),
    cursorAt({ contacts: '00000000000000000001', sales: '-0000000000000000001' }),
  ])('refuses the cursor %j', async (cursor) => {
    const { status, body } = await door.call('GET', `/v1/events?after=${cursor}`);
    expect(status).toBe(400);
    expect(body.code).toBe('malformed-cursor');
  });

  it('passes a refusal of the filter on', async () => {
    expect((await door.call('GET', '/v1/events?filter=!')).body.code).toBe('malformed-filter');
    expect((await door.call('GET', '/v1/events/stream?filter=!')).body.code).toBe('malformed-filter');
  });
});

describe('a stream of events', () => {
  it('gives history, then what happens, in order per record', async () => {
    fill(300);
    const source = stream(door);
    const history = await (async () => {
      const taken: Received[] = [];
      for (let i = 0; i < 300; i += 1) taken.push((await source.next()).value as Received);
      return taken;
    })();
    sales.append('contact/77', 0, '2026-01-01T00:00:00.000Z');
    const live = (await source.next()).value as Received;
    expect(live.event.subject).toBe('contact/77');
    expectOrderPerRecord(history.map(({ event }) => event));
    await source.return(undefined);
  });

  it('loses and repeats nothing when the client is killed anywhere, twenty times over', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 20, maxLength: 20 }), async (cuts) => {
        if (contacts.size === 0) fill(300);
        const received: Received[] = [];
        const more = async (count: number): Promise<void> => {
          const missing = Math.min(count, 300 - received.length);
          received.push(...(await take(stream(door, '', received.at(-1)?.id), missing)));
        };
        for (const cut of cuts) await more(cut);
        await more(300);
        expect(new Set(ids(received)).size).toBe(received.length);
        expect(received).toHaveLength(300);
        expectOrderPerRecord(received.map(({ event }) => event));
      }),
      { numRuns: 3 },
    );
  });

  it('prefers Last-Event-ID to after', async () => {
    fill(10);
    const [first] = await take(stream(door), 1);
    const [second] = await take(stream(door, '?after=now', first!.id), 1);
    expect(second!.event.recordedtime).toBe(new Date(1000).toISOString());
  });

  it('keeps an idle connection alive with comments that move the cursor on', async () => {
    fill(2);
    const stopped = new AbortController();
    const response = await door.fetch('/v1/events/stream?after=now', { signal: stopped.signal });
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream()))
      if ((text += chunk).includes(': heartbeat')) break;
    const cursor = /^: heartbeat\nid: (.+)$/m.exec(text)?.[1];
    expect(progressIn(cursor!)).toMatchObject({
      places: { contacts: positionOf(1), sales: positionOf(1) },
      rights: '',
    });
    stopped.abort();
  });

  it('waits for news instead of asking again and again', async () => {
    const source = stream(door);
    const next = source.next();
    while (contacts.pulls < 2) await new Promise(setImmediate);
    const before = contacts.pulls + sales.pulls;
    const stopped = new AbortController();
    const response = await door.fetch('/v1/events/stream?after=now', { signal: stopped.signal });
    let beats = 0;
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      if (chunk.includes('heartbeat')) beats += 1;
      if (beats === 3) break;
    }
    stopped.abort();
    expect(contacts.pulls + sales.pulls - before).toBeLessThanOrEqual(6);
    contacts.append('contact/1', 0, '2026-01-01T00:00:00.000Z');
    expect(((await next).value as Received).event.subject).toBe('contact/1');
    await source.return(undefined);
  });

  it('pulls no more than a slow client reads', async () => {
    fill(100_000);
    const socket: Socket = createConnection(Number(new URL(door.gateway.address).port), '127.0.0.1');
    socket.pause();
    socket.write(`GET /v1/events/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ADMIN}\r\n\r\n`);
    let before = -1;
    // It stands still once the buffers of the connection are full.
    for (let still = 0; still < 20; still = contacts.pulls === before ? still + 1 : 0) {
      before = contacts.pulls;
      await door.call('GET', '/v1/me');
    }
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(250);
    socket.destroy();
  });

  it('ends with the token it was opened with', async () => {
    const token = await door.tokenFor('viewer');
    const { body } = await door.call('GET', '/v1/me', undefined, { authorization: token });
    const response = await door.fetch('/v1/events/stream', { token });
    await door.call('DELETE', `/v1/access-tokens/${body.actor.id}`);
    contacts.append('contact/1', 0, '2026-01-01T00:00:00.000Z');
    expect(await response.text()).toContain('the stream ends here');
  });

  it('answers HEAD with headers alone', async () => {
    const response = await door.fetch('/v1/events/stream', { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      '',
    ]);
  });

  it('that nobody reads ends with its token, too, and gives its place free', async () => {
    fill(100_000);
    const narrow = await open({ streamLimit: 1 });
    const token = await narrow.tokenFor('viewer');
    const { body } = await narrow.call('GET', '/v1/me', undefined, { authorization: token });
    const socket: Socket = createConnection(Number(new URL(narrow.gateway.address).port), '127.0.0.1');
    socket.on('error', () => undefined).pause();
    socket.write(`GET /v1/events/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    let before: number | undefined;
    for (let still = 0; still < 20; still = contacts.pulls === before ? still + 1 : 0) {
      before = contacts.pulls;
      await narrow.call('GET', '/v1/me');
    }
    const another = async (): Promise<number> => {
      const stopped = new AbortController();
      const { status } = await narrow.fetch('/v1/events/stream?after=now', { signal: stopped.signal });
      stopped.abort();
      return status;
    };
    expect(await another()).toBe(503);
    await narrow.call('DELETE', `/v1/access-tokens/${body.actor.id}`);
    while ((await another()) !== 200) await new Promise(setImmediate);
    socket.destroy();
    await narrow.close();
  });

  it('of one token are limited, and other tokens have theirs', async () => {
    const narrow = await open({ tokenStreamLimit: 1, tenantStreamLimit: 2 });
    fill(1);
    const [mine, other, third] = [ADMIN, await narrow.tokenFor('viewer'), await narrow.tokenFor('viewer')];
    const sources = [stream(narrow)];
    await sources[0]!.next();
    const refused = await narrow.call('GET', '/v1/events/stream', undefined, { authorization: mine });
    expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-streams' } });
    const stopped = new AbortController();
    expect((await narrow.fetch('/v1/events/stream', { token: other, signal: stopped.signal })).status).toBe(200);
    const full = await narrow.call('GET', '/v1/events/stream', undefined, { authorization: third });
    expect(full).toMatchObject({ status: 429, body: { detail: expect.stringContaining('Your organisation has 2') } });
    stopped.abort();
    await sources[0]!.return(undefined);
    await narrow.close();
  });

  it('whose client has gone before a context answered gives its place free', async () => {
    const narrow = await open({ streamLimit: 1 });
    const [reached, answer, leaving] = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
      new AbortController(),
    ];
    const pull = contacts.pull.bind(contacts);
    contacts.pull = async (...asked) => {
      reached.resolve();
      await answer.promise;
      return pull(...asked);
    };
    const gone = narrow.fetch('/v1/events/stream', { signal: leaving.signal }).catch(() => undefined);
    await reached.promise;
    contacts.pull = pull;
    leaving.abort();
    await gone;
    const another = async (): Promise<number> => {
      const stopped = new AbortController();
      const { status } = await narrow.fetch('/v1/events/stream', { signal: stopped.signal });
      stopped.abort();
      return status;
    };
    while ((await another()) !== 200) await new Promise(setImmediate);
    answer.resolve();
    await narrow.close();
  });

  it('beyond the limit is refused', async () => {
    const narrow = await open({ streamLimit: 1 });
    const source = stream(narrow);
    fill(1);
    await source.next();
    const { status, body } = await narrow.call('GET', '/v1/events/stream');
    expect(status).toBe(503);
    expect(body.code).toBe('too-many-streams');
    await source.return(undefined);
    await narrow.close();
  });

  it('ends with a last word when the gateway stops', async () => {
    const stopping = await open();
    const response = await stopping.fetch('/v1/events/stream');
    const text = response.text();
    await stopping.close();
    expect(await text).toContain('the stream ends here');
  });
});
