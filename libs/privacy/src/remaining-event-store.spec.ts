import { beforeEach, expect, it } from '@jest/globals';
import { InMemoryEventStore, streamName } from '@rapport/event-store';
import { type NewEvent, newId, START } from '@rapport/kernel';
import { CachedKeyStore } from './cached-key-store.js';
import { InMemoryKeyStore } from './in-memory-key-store.js';
import { RemainingEventStore } from './remaining-event-store.js';

const AT = '2026-01-01T00:00:00.000Z';

let inner: InMemoryEventStore;
let keys: CachedKeyStore;
let events: RemainingEventStore;
beforeEach(() => {
  inner = new InMemoryEventStore();
  keys = new CachedKeyStore(new InMemoryKeyStore());
  events = new RemainingEventStore(inner, keys, ['deletion']);
});

const noted = (tenant: string): NewEvent => ({
  ...{ id: newId(), type: 'Noted', data: {} },
  metadata: {
    tenant,
    actor: { kind: 'system', id: 'test' },
    correlationId: 'c',
    commandId: 'c',
    occurredAt: AT,
    schemaVersion: 1,
  },
});

const followed = async (): Promise<readonly string[]> => {
  const enough = new AbortController();
  const streams: string[] = [];
  for await (const page of events.follow({ prefixes: [], after: START, signal: enough.signal })) {
    streams.push(...page.events.map(({ stream }) => stream));
    if (page.caughtUp) enough.abort();
  }
  return streams;
};

it('gives nothing of a tenant whose keys are destroyed, whatever the engine still has, but what tells of that', async () => {
  const streams = ['note', 'deletion', 'contacts.deletion@2', 'contacts.note'].flatMap((aggregate) =>
    ['gone', 'gone_too'].map((tenant) => streamName(aggregate, tenant, '1')),
  );
  for (const stream of streams) await events.append(stream, [noted(stream.split('-')[1]!)], 'no-stream');
  expect(await followed()).toEqual(streams);
  await keys.destroyTenant('gone', AT);
  const remaining = streams.filter((stream) => stream.includes('gone_too') || stream.includes('deletion'));
  expect(await followed()).toEqual(remaining);
  for (const stream of streams)
    expect(await Array.fromAsync(events.read(stream))).toHaveLength(remaining.includes(stream) ? 1 : 0);
});

it('stores nothing for it, and lets pass what is heard of it', async () => {
  await keys.destroyTenant('gone', AT);
  const [own, heard, telling] = ['note', 'contacts.note', 'deletion'].map((each) => streamName(each, 'gone', '1'));
  await expect(events.append(own!, [noted('gone')], 'no-stream')).rejects.toMatchObject({ code: 'workspace-deleted' });
  expect(await events.append(heard!, [noted('gone'), noted('gone')], 4)).toEqual({ revision: 6, position: START });
  await events.append(telling!, [noted('gone')], 'no-stream');
  expect(await followed()).toEqual([telling]);
});
