import { expect, it } from '@jest/globals';
import { InMemoryEventStore } from '@rapport/event-store';
import { newId } from '@rapport/kernel';
import { CachedKeyStore, InMemoryKeyStore, RemainingEventStore } from '@rapport/privacy';
import { type CarriedRequest, commandStream } from './carried-request.js';
import { Intake } from './intake.js';

const AT = '2026-01-01T00:00:00.000Z';

const requestOf = (tenant: string): CarriedRequest => ({
  ...{ from: 'sales', commandId: newId(), eventId: newId() },
  asked: {
    ...{ to: 'contacts', command: 'FindOrCreateAccount', input: {}, expiresAt: '2026-01-02T00:00:00.000Z' },
    record: { aggregate: 'account', id: newId() },
  },
  metadata: {
    tenant,
    actor: { kind: 'user', id: 'ada' },
    correlationId: 'c',
    commandId: 'c',
    occurredAt: AT,
    schemaVersion: 1,
  },
});

it('passes over what is asked of a workspace that was deleted meanwhile, and goes on with the next', async () => {
  const keys = new CachedKeyStore(new InMemoryKeyStore());
  const inner = new InMemoryEventStore();
  const intake = new Intake('contacts', new RemainingEventStore(inner, keys, ['deletion']));
  await keys.destroyTenant('gone', AT);
  const [late, next] = [requestOf('gone'), requestOf('main')];
  await intake.take(late);
  await intake.take(next);
  const stored = async (request: CarriedRequest) => (await Array.fromAsync(inner.read(commandStream(request)))).length;
  expect([await stored(late), await stored(next)]).toEqual([0, 1]);
});
