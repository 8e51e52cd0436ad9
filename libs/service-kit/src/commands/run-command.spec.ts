import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryEventStore, OutcomeUnknown, WrongExpectedRevision, type EventStore } from '@rapport/event-store';
import { fixedClock, recordDecider, type CallContext, type RecordedEvent } from '@rapport/kernel';
import { RunCommandHandler } from './run-command.handler.js';
import { RunCommand, type CommandOutcome, type Step } from './run-command.js';

const boat = recordDecider<'Boat', { name: string }>('boat', 'Boat');
type BoatStep = Step<unknown, never>;
const clock = fixedClock('2026-01-01T09:00:00.000Z');
let events: EventStore;

beforeEach(() => {
  events = new InMemoryEventStore();
  clock.set('2026-01-01T09:00:00.000Z');
});

const call = (given: Partial<CallContext> = {}): CallContext => ({
  principal: { tenant: 'main', actor: { kind: 'user', id: 'u' }, roles: [] },
  correlationId: 'c',
  answer: {},
  ...given,
});

const create = (name: string): BoatStep =>
  ({
    name: 'CreateBoat',
    input: name,
    decide: (state: never, at: never) => boat.decide.create(state, { name }, at),
  }) as unknown as BoatStep;
const rename = (name: string, given: Partial<BoatStep> = {}): BoatStep =>
  ({
    name: 'RenameBoat',
    input: name,
    decide: (state: never, at: never) => boat.decide.edit(state, { set: { name } }, at),
    ...given,
  }) as unknown as BoatStep;

const handlerOn = (store: EventStore): RunCommandHandler => new RunCommandHandler(store, clock, 'boats');

const run = (
  steps: BoatStep[],
  by = call(),
  handler = handlerOn(events),
  id = 'b1',
): Promise<CommandOutcome<unknown>> =>
  handler.execute(new RunCommand({ decider: boat as never, id, steps, call: by }) as never);

/** The store, behind something that takes its time. */
const slow = (store: EventStore): EventStore => ({
  append: async (...args) => {
    await new Promise(setImmediate);
    return store.append(...args);
  },
  read: (...args) => store.read(...args),
  follow: (...args) => store.follow(...args),
  end: () => store.end(),
  lacks: (position) => store.lacks(position),
  removeTenant: (...args) => store.removeTenant(...args),
  close: () => store.close(),
});

const stored = async (id = 'b1'): Promise<RecordedEvent[]> => {
  const all: RecordedEvent[] = [];
  for await (const event of events.read(`boat-main-${id}`)) all.push(event);
  return all;
};

describe('a command', () => {
  it('takes its steps together and marks the answer', async () => {
    const by = call();
    const outcome = await run([create('Ida'), rename('Ada')], by);
    expect(outcome).toMatchObject({ outcome: 'created', revision: 1, state: { name: 'Ada' } });
    expect(by.answer).toMatchObject({ revision: 1, consistency: expect.stringMatching(/^boats:/) });
    expect((await stored()).map(({ type }) => type)).toEqual(['BoatCreated', 'BoatEdited']);
  });

  it('that loses a race is decided again on the new state', async () => {
    await run([create('Ida')]);
    await Promise.all(['A', 'B', 'C', 'D'].map((name) => run([rename(name)])));
    expect(await stored()).toHaveLength(5);
  });

  it('is refused on a revision that is not there any more', async () => {
    await run([create('Ida')]);
    await run([rename('Ada')]);
    await expect(run([rename('Eda')], call({ expectedRevision: 0 }))).rejects.toMatchObject({
      kind: 'stale',
      details: { currentRevision: 1 },
    });
  });

  it('with the same key answers the same, also after later changes', async () => {
    const first = await run([create('Ida')], call({ idempotencyKey: 'k' }));
    await run([rename('Ada')]);
    expect(await run([create('Ida')], call({ idempotencyKey: 'k' }))).toEqual(first);
    expect(await stored()).toHaveLength(2);
  });

  it('of many at once is decided again until it has its turn', async () => {
    await run([create('Ida')]);
    const handler = handlerOn(slow(events));
    const names = Array.from({ length: 64 }, (_, n) => `Ida ${n}`);
    const outcomes = await Promise.all(names.map((name) => run([rename(name)], call(), handler)));
    expect(outcomes.map(({ revision }) => revision)).toEqual(names.map((_, n) => n + 1));
  });

  it('of many processes at once is decided again, too', async () => {
    await run([create('Ida')]);
    const handlers = Array.from({ length: 8 }, () => handlerOn(slow(events)));
    const renames = handlers.flatMap((handler, h) =>
      [1, 2, 3, 4].map((n) => run([rename(`Ida ${h} ${n}`)], call(), handler)),
    );
    await Promise.all(renames);
    expect(await stored()).toHaveLength(33);
  });

  it('with one key and three contents at once is done once, wherever it comes to', async () => {
    for (const processes of [1, 3]) {
      events = new InMemoryEventStore();
      const handlers = Array.from({ length: processes }, () => handlerOn(slow(events)));
      const asked = ['Ida', 'Ada', 'Eda'].map((name, n) =>
        run([create(name)], call({ idempotencyKey: 'k' }), handlers[n % processes]),
      );
      const outcomes = await Promise.allSettled(asked);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'idempotency-key-reused' });
    }
  });

  it('with one key on two records makes two events', async () => {
    for (const id of ['b1', 'b2']) await run([create('Ida')], call(), undefined, id);
    for (const id of ['b1', 'b2']) await run([rename('Ada')], call({ idempotencyKey: 'k' }), undefined, id);
    const ids = [...(await stored('b1')), ...(await stored('b2'))].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
  });

  it('with a key that changed nothing is answered so again, whatever came after', async () => {
    await run([create('Ida')]);
    const key = () => call({ idempotencyKey: 'k' });
    const first = await run([rename('Ida')], key());
    expect(first).toMatchObject({ outcome: 'unchanged', revision: 0 });
    await run([rename('Ada')]);
    expect(await run([rename('Ida')], key())).toEqual(first);
    await expect(run([rename('Eda')], key())).rejects.toMatchObject({ code: 'idempotency-key-reused' });
    expect((await stored()).map(({ type }) => type)).toEqual(['BoatCreated', 'BoatEdited']);
  });

  it('with a key means the same on another day', async () => {
    await run([create('Ida')]);
    const first = await run([rename('Ada')], call({ idempotencyKey: 'k' }));
    const past = { occurredAt: '2026-01-01T10:00:00.000Z' };
    clock.set('2026-01-02T09:00:00.000Z');
    expect(await run([rename('Ada', past)], call({ idempotencyKey: 'k' }))).toEqual(first);
  });

  it('that a store fails says nothing of streams', async () => {
    const failures = [new OutcomeUnknown('boat-main-b1', undefined), new WrongExpectedRevision('boat-main-b1', 1, 2)];
    for (const { message } of failures) expect(message).not.toContain('boat-main');
  });

  it('is repeated exactly when the store does not say whether it wrote', async () => {
    let lost = 2;
    const forgetful: EventStore = {
      ...slow(events),
      append: async (...args) => {
        const appended = await events.append(...args);
        if (lost-- > 0) throw new OutcomeUnknown(args[0], undefined);
        return appended;
      },
    };
    expect(await run([create('Ida')], call(), handlerOn(forgetful))).toMatchObject({ outcome: 'created', revision: 0 });
    expect(await stored()).toHaveLength(1);
  });

  it('keeps time from running backwards within a record', async () => {
    await run([create('Ida')]);
    const early = { occurredAt: '2020-01-01T00:00:00Z' };
    await expect(run([rename('Ada', early)])).rejects.toMatchObject({ code: 'occurred-before-last-change' });
    await run([rename('Ada', { ...early, whenTooEarly: 'clamp' })]);
    clock.set('2025-06-01T00:00:00.000Z');
    await run([rename('Eda')]);
    expect((await stored()).map(({ metadata }) => metadata.occurredAt)).toEqual(
      Array(3).fill('2026-01-01T09:00:00.000Z'),
    );
  });

  it('cannot have happened in the future', async () => {
    await run([create('Ida')]);
    await expect(run([rename('Ada', { occurredAt: '2026-01-01T09:06:00Z' })])).rejects.toMatchObject({
      code: 'occurs-in-the-future',
    });
  });

  it('of a call that comes twice is done once, and answered as the first time', async () => {
    const requestId = '0197b5a0-1234-7abc-8def-0123456789ab';
    const first = await run([create('Ida')], call({ requestId }));
    await run([rename('Ada')]);
    const again = call({ requestId, repeated: true });
    expect(await run([create('Ida')], again)).toEqual(first);
    expect(again.answer).toMatchObject({ revision: 0, consistency: expect.stringMatching(/^boats:/) });
    expect((await stored()).map(({ type }) => type)).toEqual(['BoatCreated', 'BoatEdited']);
  });
});
