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

  it('has nothing for a caller without a tenant', async () => {
    for (const tenant of [undefined, null, '', 'main-', '-'])
      await expect(told(tenant as string)).rejects.toMatchObject({ code: 'bad-tenant' });
    expect(await told('ma')).toEqual([]);
  });
});
