import { isDeepStrictEqual } from 'node:util';
import { CommandBus } from '@nestjs/cqrs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { externalAggregate, streamName } from '@rapport/event-store';
import { newId, type RecordedEvent } from '@rapport/kernel';
import { InMemoryMessageBus } from '@rapport/message-bus';
import { busExchange, FactsExchange, type Exchange } from '@rapport/processing';
import { RunCommand, type Step } from '../commands/run-command.js';
import { boat, boatNames, by, harbour, moduleOf, yard } from './fakes/harbour-and-yard.js';
import { emptyDisk, enginesOf, Life, type Disk } from './fakes/mortal-engines.js';
import { startInProcess, type RunningService } from './start-service.js';

jest.setTimeout(120_000);

interface Road {
  /** Anew for each life of the processes. */
  exchange(): Exchange;
  close(): Promise<void>;
}

const roads: readonly (readonly [string, () => Road])[] = [
  ['from the facts', () => ({ exchange: () => new FactsExchange(), close: async () => undefined })],
  [
    'over the bus',
    () => {
      const bus = new InMemoryMessageBus();
      return { exchange: () => busExchange(bus), close: () => bus.close() };
    },
  ],
];

const write = async (service: RunningService, id: string, name: string, create: boolean): Promise<void> => {
  const step = {
    name: 'WriteBoat',
    input: name,
    decide: (state: never, at: never) =>
      create ? boat.decide.create(state, { name }, at) : boat.decide.edit(state, { set: { name } }, at),
  } as unknown as Step<unknown, never>;
  const order = new RunCommand({ decider: boat as never, id, steps: [step], call: by() });
  await service.nest.get(CommandBus).execute(order);
};

const eventsOf = async ({ events }: Disk, stream: string): Promise<readonly RecordedEvent[]> => {
  const all: RecordedEvent[] = [];
  for await (const event of events.read(stream)) all.push(event);
  return all;
};

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 1));
};

const BOATS = ['b1', 'b2', 'b3'];

describe.each(roads)('a context that hears of another %s', (_, open) => {
  let road: Road;
  let disks: { readonly harbour: Disk; readonly yard: Disk };
  let running: RunningService[];
  beforeEach(() => {
    road = open();
    disks = { harbour: emptyDisk(), yard: emptyDisk() };
    running = [];
  });
  afterEach(async () => {
    await stop();
    await road.close();
  });

  const start = async (life = new Life()): Promise<{ harbour: RunningService; yard: RunningService }> => {
    const exchange = road.exchange();
    const harbourNow = await startInProcess(moduleOf(harbour, enginesOf(disks.harbour, new Life(), exchange)));
    running.push(harbourNow);
    const yardNow = await startInProcess(moduleOf(yard, enginesOf(disks.yard, life, exchange)));
    running.push(yardNow);
    return { harbour: harbourNow, yard: yardNow };
  };
  const stop = async (): Promise<void> => {
    for (const service of running.splice(0).reverse()) await service.close();
  };
  const settled = async (services: Awaited<ReturnType<typeof start>>): Promise<void> => {
    await services.harbour.runtime.settled();
    await services.yard.runtime.caughtUp();
    await reacted(services.yard);
    await services.yard.runtime.settled();
  };

  /** The reaction has come as far as the store had when it was asked. */
  const reacted = async ({ runtime }: RunningService): Promise<void> => {
    const end = await disks.yard.events.end();
    await until(() => runtime.status().every(({ name, position }) => name !== 'keep-berths' || position >= end));
  };

  /** Each boat is there as at the harbour, and its berth was told of each of its events exactly once. */
  const expectRight = async (services: Awaited<ReturnType<typeof start>>): Promise<void> => {
    for (const id of BOATS) {
      const source = await eventsOf(disks.harbour, streamName('boat', 'main', id));
      const copy = await eventsOf(disks.yard, streamName(externalAggregate('harbour', 'boat'), 'main', id));
      expect(copy.map((event) => event.id)).toEqual(source.map((event) => event.id));
      const told = await eventsOf(disks.yard, streamName('berth', 'main', id));
      expect(told.map(({ type }) => type)).toEqual(source.map(({ type }) => type.replace('Boat', 'Berth')));
      const { documents } = services.yard.runtime.projection(boatNames);
      expect(await documents.get(everythingOf('main'), id)).toMatchObject({ heard: source.length });
    }
    expect(await services.yard.runtime.neighbours.inbox.broken.list(everythingOf('main'))).toEqual([]);
    expect(await services.yard.runtime.parked.list(everythingOf('main'))).toEqual([]);
  };

  const sail = async (service: RunningService): Promise<void> => {
    for (const [n, id] of BOATS.entries()) {
      await write(service, id, `Boat ${n}`, true);
      await write(service, id, `Boat ${n} again`, false);
    }
  };

  it('has what it hears in its views, and acts on it', async () => {
    const services = await start();
    await sail(services.harbour);
    await settled(services);
    await expectRight(services);
  });

  it('that begins to listen later hears everything from the first event', async () => {
    const exchange = road.exchange();
    const early = await startInProcess(moduleOf(harbour, enginesOf(disks.harbour, new Life(), exchange)));
    await sail(early);
    await early.runtime.settled();
    await early.close();
    const services = await start();
    await settled(services);
    await expectRight(services);
  });

  it('loses and doubles nothing wherever it is killed: inbox, reaction, checkpoints', async () => {
    const whole = new Life();
    const first = await start(whole);
    await sail(first.harbour);
    await settled(first);
    await stop();
    expect(whole.writes).toBeGreaterThan(10);
    for (let last = 1; last <= whole.writes; last += 1) {
      for (const lastIsDone of [false, true]) {
        await road.close();
        road = open();
        disks = { harbour: emptyDisk(), yard: emptyDisk() };
        // It may die before it has started.
        await start(new Life(last, lastIsDone)).catch(() => undefined);
        const [sailing] = running;
        await sail(sailing!);
        await sailing!.runtime.settled();
        await stop();
        const restarted = await start();
        await settled(restarted);
        await expectRight(restarted);
        await stop();
      }
    }
  });

  it('goes over to what is heard under a higher epoch, at once or at its next start', async () => {
    const services = await start();
    await sail(services.harbour);
    await settled(services);
    // From a backup: one boat that was there before, and one that is new.
    const [old] = await eventsOf(disks.harbour, streamName('boat', 'main', 'b1'));
    const backup = emptyDisk();
    await backup.events.append(old!.stream, [old!], 'no-stream');
    await backup.events.append(streamName('boat', 'main', 'b9'), [{ ...old!, id: newId() }], 'no-stream');
    await services.harbour.close();
    running.splice(running.indexOf(services.harbour), 1);
    const isHeardFromFacts = road.exchange() instanceof FactsExchange;
    if (isHeardFromFacts) await stop();
    const exchange = road.exchange();
    const engines = { ...enginesOf(backup, new Life(), exchange), epoch: 2 };
    const set = await startInProcess(moduleOf(harbour, engines));
    running.push(set);
    const listening = isHeardFromFacts
      ? await startInProcess(moduleOf(yard, enginesOf(disks.yard, new Life(), exchange)))
      : services.yard;
    if (isHeardFromFacts) running.push(listening);
    await set.runtime.settled();
    await listening.runtime.neighbours.caughtUp();
    const { documents } = listening.runtime.projection(boatNames);
    const heard = async (): Promise<readonly unknown[]> =>
      Promise.all(['b1', 'b2', 'b9'].map(async (id) => (await documents.get(everythingOf('main'), id))?.heard));
    await until(async () => isDeepStrictEqual(await heard(), [1, undefined, 1]));
    await until(async () => (await eventsOf(disks.yard, streamName('berth', 'main', 'b9'))).length === 1);
    expect(await eventsOf(disks.yard, streamName('berth', 'main', 'b1'))).toHaveLength(2);
  });

  it('repeats nothing when its views are thrown away', async () => {
    const services = await start();
    await sail(services.harbour);
    await settled(services);
    await stop();
    // Views are made anew with each start.
    const anew = await start();
    await settled(anew);
    await expectRight(anew);
    const acting = anew.yard.runtime.status().filter(({ name }) => !name.includes('@'));
    expect(acting.map(({ name, handled }) => [name, handled]).filter(([, handled]) => handled !== 0)).toEqual([]);
    expect(anew.harbour.runtime.status().filter(({ handled }) => handled > 0)).toEqual([]);
  });
});
