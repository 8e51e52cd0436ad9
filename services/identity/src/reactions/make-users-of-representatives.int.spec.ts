import { expect, it } from '@jest/globals';
import { externalAggregate, InMemoryEventStore, streamName } from '@rapport/event-store';
import { idFrom, type NewEvent } from '@rapport/kernel';
import { CachedKeyStore, InMemoryKeyStore } from '@rapport/privacy';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { inMemoryEngines } from '@rapport/testing';
import { identityModule } from '../identity.module.js';

const SELLERS = 20;

const heard = (type: string, id: string, data: object): NewEvent => ({
  ...{ id: idFrom(type, id), type, data },
  metadata: {
    ...{ tenant: 'main', actor: { kind: 'user', id: 'tester' }, correlationId: 'c', commandId: idFrom(type, id) },
    ...{ occurredAt: '2026-01-01T00:00:00.000Z', schemaVersion: 1 },
  },
});

it('users are made of representatives once, whoever hears of them and however often', async () => {
  const shared = { events: new InMemoryEventStore(), keys: new CachedKeyStore(new InMemoryKeyStore()) };
  // Each with books of its own: both hear of everything, and whoever starts later hears of it again.
  const start = async (): Promise<RunningService> => startInProcess(identityModule(await inMemoryEngines(shared)));
  const ids = Array.from({ length: SELLERS }, (_, n) => idFrom('seller', n));
  const both = await Promise.all([start(), start()]);
  await Promise.all(
    ids.map((id, n) =>
      shared.events.append(
        streamName(externalAggregate('sales', 'representative'), 'main', id),
        [
          heard('RepresentativeCreated', id, { representative: { name: `Seller ${n}`, externalId: `S-${n}` } }),
          heard('RepresentativeEdited', id, { set: { name: `Seller ${n}, renamed` }, cleared: ['externalId'] }),
          heard('RepresentativeArchived', id, {}),
        ],
        'no-stream',
      ),
    ),
  );
  const known = async ({ runtime }: RunningService) => {
    const end = await runtime.events.end();
    await runtime.reacted('make-users-of-representatives').reach(end, 30_000);
    return Promise.all(
      ids.map(async (id) => {
        const history = await Array.fromAsync(runtime.events.read(streamName('user', 'main', id)));
        return history.map(({ type }) => type);
      }),
    );
  };
  const once = ids.map(() => ['UserCreated', 'UserEdited', 'UserArchived']);
  for (const each of both) expect(await known(each)).toEqual(once);
  await Promise.all(both.map((each) => each.close()));
  const later = await start();
  expect(await known(later)).toEqual(once);
  await later.close();
});
