import { expect, it, jest } from '@jest/globals';
import { salesV1 } from '@rapport/contracts';
import { type EventStore, InMemoryEventStore } from '@rapport/event-store';
import { type RecordedEvent, START } from '@rapport/kernel';
import { LeasedOwnership } from '@rapport/processing';
import type { ReadModelStore } from '@rapport/read-models';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines, simulatedTime } from '@rapport/testing';
import { salesModule } from './sales.module.js';

jest.setTimeout(60_000);

const DEALS = 200;
const time = simulatedTime('2017-03-31T20:00:00.000Z');

it('deals come due once each in two replicas, also when the one that fires stands still in the middle', async () => {
  const shared = await inMemoryEngines({ ...time, events: new InMemoryEventStore(time.clock) });
  let cut = false;
  const write: ReadModelStore['write'] = (batch) =>
    cut ? Promise.reject(new Error('cut off')) : shared.readModels.write(batch);
  const mortal = Object.assign(Object.create(shared.readModels) as ReadModelStore, { write });
  const awake = Promise.withResolvers<void>();
  const sleepy: EventStore = {
    append: async (stream, ...given) => {
      if (cut && stream.startsWith('timer-')) await awake.promise;
      return shared.events.append(stream, ...given);
    },
    read: (...given) => shared.events.read(...given),
    follow: (options) => shared.events.follow(options),
    end: () => shared.events.end(),
    lacks: (position) => shared.events.lacks(position),
    removeTenant: (...given) => shared.events.removeTenant(...given),
    close: () => shared.events.close(),
  };
  const replica = (owner: string, store: ReadModelStore, events: EventStore): Promise<RunningService> => {
    const ownership = new LeasedOwnership(store, { owner, ttlMilliseconds: 1_000 });
    return startInProcess(salesModule({ ...shared, events, ownership }));
  };
  const cameDue = async (type = 'OpportunityCameDue'): Promise<readonly RecordedEvent[]> => {
    const enough = new AbortController();
    const found: RecordedEvent[] = [];
    for await (const page of shared.events.follow({ prefixes: [], after: START, signal: enough.signal })) {
      found.push(...page.events.filter((event) => event.type === type));
      if (page.caughtUp) enough.abort();
    }
    return found;
  };
  const owner = (seenFrom: RunningService) => seenFrom.runtime.engines.ownership.owners().get('timers')?.owner;

  const first = await replica('first', mortal, sleepy);
  await time.passUntil('the first fires', () => owner(first) === 'first');
  const second = await replica('second', shared.readModels, shared.events);
  const invoke = (service: string, method: string, request: object) =>
    first.backend.invoke(`rapport.sales.v1.${service}Service`, method, request, callBy());
  const pipeline = salesV1.Pipeline.fromPartial({ name: 'Hardware', stages: [{ name: 'Talks' }] });
  await invoke('Pipelines', 'createPipeline', { pipeline });
  await second.runtime.caughtUp();
  const expectedCloseOn = time.clock.now().toISOString().slice(0, 10);
  for (let n = 0; n < DEALS; n += 1) {
    const opportunity = salesV1.Opportunity.fromPartial({ name: `Deal ${n}`, expectedCloseOn });
    await invoke('Opportunities', 'createOpportunity', { opportunity });
  }
  await time.passUntil('some have come due', async () => (await cameDue()).length > 20);
  cut = true;
  await time.passUntil('all have', async () => (await cameDue('TimerFired')).length >= DEALS);
  expect(owner(second)).toBe('second');
  // What the first was about to write comes late, and changes nothing.
  awake.resolve();
  await first.close();
  const events = await cameDue();
  expect(events).toHaveLength(DEALS);
  expect(new Set(events.map(({ stream }) => stream)).size).toBe(DEALS);
  expect(await cameDue('TimerFired')).toHaveLength(DEALS);
  expect(await cameDue('TimerLapsed')).toEqual([]);
  await second.close();
});
