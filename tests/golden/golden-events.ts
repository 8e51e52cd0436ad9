import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InMemoryEventStore, streamName } from '@rapport/event-store';
import { idFrom, type CallContext, type NewEvent } from '@rapport/kernel';
import { startInProcess, type Engines, type RunningService } from '@rapport/service-kit';
import { callBy, inMemoryEngines, simulatedTime, type SimulatedTime } from '@rapport/testing';
import { writeJson } from './written-json.js';

/** Calls a method of the service's API; the idempotency key makes every record's id in its answer the same in each run. */
export type Invoke = (service: string, method: string, request: object) => Promise<{ readonly id?: string }>;

/** One aggregate of a service: how to bring about each of its events once, and how to read what they say. */
export interface GoldenAggregate {
  readonly context: string;
  readonly module: (engines: Engines) => Parameters<typeof startInProcess>[0];
  readonly aggregate: string;
  /** Which of its histories this is, where an aggregate has several kinds: `meeting`. */
  readonly kind?: string;
  /** Of its golden files, oldest first: a new version of an event is a new file beside the old one, which stays readable. */
  readonly versions: readonly number[];
  /** The id of its record, where a tenant has one alone. */
  readonly onlyId?: string;
  /** Records that it refers to: aggregate and id, and the event that makes it. */
  readonly given?: readonly (readonly [aggregate: string, id: string, GoldenEvent])[];
  readonly produce: (invoke: Invoke, time: SimulatedTime, service: RunningService) => Promise<{ readonly id: string }>;
  /** What makes earlier events unreadable: done once they are noted. */
  readonly erase?: (invoke: Invoke, id: string, time: SimulatedTime, service: RunningService) => Promise<unknown>;
  /** Fields of the data that are drawn anew in every run. */
  readonly drawn?: readonly string[];
  readonly read: (invoke: Invoke, id: string) => Promise<object>;
}

/** An event as it is on the disk for ever, without what differs from run to run. */
export interface GoldenEvent {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: object;
}

export interface GoldenHistory {
  readonly events: readonly GoldenEvent[];
  /** What the API answers after the first event, the first two, and so on. */
  readonly reads: readonly object[];
}

/** What is done today is done at this moment. */
const NOW = '2026-01-02T03:04:05.678Z';
const DAY = '2026-01-01T00:00:00.000Z';
export const TENANT = 'main';

/** The events that today's code stores. */
export const produced = (golden: GoldenAggregate): Promise<readonly GoldenEvent[]> =>
  running(golden, async (service, time) => {
    const invoke = invoking(service);
    await storeGiven(golden, service);
    const { id } = await golden.produce(invoke, time, service);
    const events = await eventsOf(golden, service, id);
    if (!golden.erase) return events;
    await golden.erase(invoke, id, time, service);
    return [...events, ...(await eventsOf(golden, service, id)).slice(events.length)];
  });

/** What an aggregate refers to. */
export const storeGiven = async ({ given = [] }: GoldenAggregate, { runtime }: RunningService): Promise<void> => {
  for (const [aggregate, id, event] of given) {
    const stream = streamName(aggregate, TENANT, id);
    if ((await Array.fromAsync(runtime.events.read(stream, { limit: 1 }))).length === 0)
      await runtime.events.append(stream, [storedEvent(event, 0, 0)], 'no-stream');
  }
};

const eventsOf = async (golden: GoldenAggregate, service: RunningService, id: string): Promise<GoldenEvent[]> => {
  const events: GoldenEvent[] = [];
  for await (const { type, metadata, data } of service.runtime.events.read(streamName(golden.aggregate, TENANT, id))) {
    const drawn = (golden.drawn ?? []).filter((field) => field in data).map((field) => [field, `<${field}>`]);
    events.push({
      type,
      schemaVersion: metadata.schemaVersion,
      data: { ...data, ...Object.fromEntries(drawn) } as object,
    });
  }
  return events;
};

/** What today's code reads in stored events: after each one of them. */
export const reads = async (golden: GoldenAggregate, events: readonly GoldenEvent[]): Promise<readonly object[]> => {
  const counts = events.map((_, index) => index + 1);
  if (golden.onlyId === undefined) return running(golden, (service) => readAfter(golden, events, counts, service));
  const answers = counts.map((count) => running(golden, (service) => readAfter(golden, events, [count], service)));
  return (await Promise.all(answers)).flat();
};

const readAfter = async (
  golden: GoldenAggregate,
  events: readonly GoldenEvent[],
  counts: readonly number[],
  service: RunningService,
): Promise<object[]> => {
  const answers: object[] = [];
  for (const count of counts) {
    const id = golden.onlyId ?? idFrom('golden', count);
    const stored = events.slice(0, count).map((event, revision) => storedEvent(event, revision, count));
    const stream = streamName(golden.aggregate, TENANT, id);
    const { position } = await service.runtime.events.append(stream, stored, 'no-stream');
    const answer = await golden.read(invoking(service, `${golden.context}:${position}`), id);
    answers.push({ ...(JSON.parse(JSON.stringify(answer)) as object), id: '<id>' });
  }
  return answers;
};

export const storedEvent = ({ type, data, schemaVersion }: GoldenEvent, revision: number, count: number): NewEvent => ({
  id: idFrom('golden', count, revision),
  type,
  data,
  metadata: {
    tenant: TENANT,
    actor: { kind: 'user', id: 'tester' },
    correlationId: 'golden',
    commandId: idFrom('golden', 'command', count, revision),
    occurredAt: DAY,
    schemaVersion,
  },
});

type Work<T> = (service: RunningService, time: SimulatedTime) => Promise<T>;

const running = async <T>(golden: GoldenAggregate, work: Work<T>): Promise<T> => {
  const time = simulatedTime(NOW);
  const { clock, ticks } = time;
  const events = new InMemoryEventStore(clock);
  const service = await startInProcess(golden.module(await inMemoryEngines({ clock, ticks, events })));
  try {
    return await work(service, time);
  } finally {
    await service.close();
  }
};

const invoking = (service: RunningService, consistency?: string): Invoke => {
  let calls = 0;
  return (name, method, request) => {
    const call: Partial<CallContext> = {
      idempotencyKey: `golden-${(calls += 1)}`,
      ...(consistency ? { consistency } : {}),
    };
    return service.backend.invoke(name, method, request, callBy(call));
  };
};

const folder = dirname(fileURLToPath(import.meta.url));

/** `contacts/contact.v1.json`: never edited. A version that is not there yet is written with RAPPORT_WRITE_GOLDEN=1. */
export const goldenHistory = async (golden: GoldenAggregate, version: number): Promise<GoldenHistory> => {
  const kind = golden.kind === undefined ? '' : `.${golden.kind}`;
  const file = join(folder, golden.context, `${golden.aggregate}.v${version}${kind}.json`);
  if (!existsSync(file)) {
    if (!process.env['RAPPORT_WRITE_GOLDEN'])
      throw new Error(`${file} is missing. Write it with RAPPORT_WRITE_GOLDEN=1.`);
    const events = await produced(golden);
    await writeJson(file, { events, reads: await reads(golden, events) });
  }
  return JSON.parse(readFileSync(file, 'utf8')) as GoldenHistory;
};
