import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ScopeOf } from '@rapport/access';
import type { eventsV1 } from '@rapport/contracts';
import { InMemoryEventStore, streamName } from '@rapport/event-store';
import { newId, positionOf, type CallContext, type NewEvent } from '@rapport/kernel';
import { where } from '@rapport/read-models';
import { Scope } from '@rapport/read-models/scope';
import { ContextEvents } from './context-events.js';

const publishes = {
  BoatCreated: () => ({ type: 'BoatCreated', data: {} }),
  CrewCreated: () => ({ type: 'CrewCreated', data: {} }),
};
const parts = { publishing: { context: 'boats', publishes }, aggregates: ['boat', 'crew'] };

let events: InMemoryEventStore;

const created = (tenant: string, type: string): NewEvent => ({
  id: newId(),
  type,
  data: {},
  metadata: {
    tenant,
    actor: { kind: 'user', id: 'u' },
    correlationId: 'c',
    commandId: newId(),
    occurredAt: '2026-01-01T09:00:00.000Z',
    schemaVersion: 1,
  },
});

const callOf = (tenant: string): CallContext => ({
  principal: { tenant, actor: { kind: 'user', id: 'u' }, roles: [] },
  correlationId: 'c',
  answer: {},
});

/** Types that a caller of a tenant is told of. */
const told = async (tenant: string, scopeOf?: ScopeOf): Promise<readonly string[]> => {
  const feed = new ContextEvents({ ...parts, events, ...(scopeOf ? { scopeOf } : {}) });
  const request = { after: '', limit: 10, waitMilliseconds: 0 } as eventsV1.PullEventsRequest;
  const { events: page, caughtUp } = await feed.pullEvents(request, callOf(tenant));
  expect(caughtUp).toBe(true);
  return page.map(({ type }) => type.slice(type.lastIndexOf('.') + 1));
};

beforeEach(async () => {
  events = new InMemoryEventStore();
  for (const tenant of ['main', 'other', 'undefined']) {
    await events.append(streamName('boat', tenant, '1'), [created(tenant, 'BoatCreated')], 'no-stream');
    await events.append(streamName('crew', tenant, '1'), [created(tenant, 'CrewCreated')], 'no-stream');
  }
});

describe('the feed of a context', () => {
  it('tells a caller what happened in the own tenant', async () => {
    expect(await told('main')).toEqual(['BoatCreated', 'CrewCreated']);
  });

  it('lets others have a turn between any two pulls, however many ask', async () => {
    const feed = new ContextEvents({ ...parts, events });
    const request = { after: '', limit: 10, waitMilliseconds: 0 } as eventsV1.PullEventsRequest;
    const reader = async (): Promise<void> => {
      for (let n = 0; n < 5; n += 1) await feed.pullEvents(request, callOf('main'));
    };
    let turns = 0;
    let isOver = false;
    const other = (): void => {
      turns += 1;
      if (!isOver) setImmediate(other);
    };
    setImmediate(other);
    await Promise.all(Array.from({ length: 20 }, reader)).finally(() => (isOver = true));
    expect(turns).toBeGreaterThanOrEqual(100);
  });

  it('refuses a reader who is ahead of everything that there is, and nobody else', async () => {
    const feed = new ContextEvents({ ...parts, events });
    const pull = (after: string, tenant = 'main') =>
      feed.pullEvents({ after, limit: 10, waitMilliseconds: 0 } as eventsV1.PullEventsRequest, callOf(tenant));
    const end = await events.end();
    expect(await pull(end)).toMatchObject({ events: [], caughtUp: true });
    expect(await pull('now', 'nobody')).toMatchObject({ events: [], caughtUp: true });
    const ahead = { code: 'cursor-ahead', details: { fields: [{ pointer: '/after' }] } };
    await expect(pull(positionOf(BigInt(end) + 1n))).rejects.toMatchObject(ahead);
  });

  it('tells nothing of an aggregate that the caller does not see all of', async () => {
    const rows = where('ownerId', '=', 'amy');
    for (const restriction of [{ rows }, { hidden: ['price'] }]) {
      const scopeOf: ScopeOf = ({ tenant }, object) => new Scope(tenant, object === 'boat' ? restriction : {});
      expect(await told('main', scopeOf)).toEqual(['CrewCreated']);
      expect(await told('main', ({ tenant }) => new Scope(tenant, restriction))).toEqual([]);
    }
  });

  describe('with a filter that lets nothing pass', () => {
    const EVENTS = 5_500;
    const pull = (feed: ContextEvents, after: string, call: Partial<CallContext> = {}, filter = 'event = "None"') =>
      feed.pullEvents(
        { after, limit: 1, filter, waitMilliseconds: 0 },
        {
          principal: { tenant: 'main', actor: { kind: 'user', id: 'u' }, roles: [] },
          correlationId: 'c',
          answer: {},
          ...call,
        },
      );

    beforeEach(async () => {
      const many = Array.from({ length: EVENTS }, () => created('main', 'BoatCreated'));
      await events.append(streamName('boat', 'main', 'many'), many, 'no-stream');
    });

    it('looks at so many, and always moves on', async () => {
      const feed = new ContextEvents({ ...parts, events });
      const places = [''];
      for (let caughtUp = false; !caughtUp;) {
        const page = await pull(feed, places.at(-1)!);
        expect(page.position > places.at(-1)!).toBe(true);
        places.push(page.position);
        caughtUp = page.caughtUp;
      }
      expect(places.length).toBeGreaterThan(2);
      expect(places.at(-1)).toBe(await events.end());
    });

    it('lets others have their turn meanwhile', async () => {
      const feed = new ContextEvents({ ...parts, events });
      let turns = 0;
      let isDone = false;
      const others = (): void => void (isDone || ((turns += 1), setImmediate(others)));
      others();
      const filter = Array.from({ length: 20 }, (_, n) => `event = "None${n}"`).join(' OR ');
      for (let place = '', caughtUp = false; !caughtUp;)
        ({ position: place, caughtUp } = await pull(feed, place, {}, filter));
      isDone = true;
      expect(turns).toBeGreaterThan(5);
    });

    it('ends with its caller', async () => {
      const gone = AbortSignal.abort();
      const { caughtUp } = await pull(new ContextEvents({ ...parts, events }), '', { signal: gone });
      expect(caughtUp).toBe(false);
    });
  });

  it('has nothing for a caller without a tenant', async () => {
    for (const tenant of [undefined, null, '', 'main-', '-'])
      await expect(told(tenant as string)).rejects.toMatchObject({ code: 'bad-tenant' });
    expect(await told('ma')).toEqual([]);
  });
});
