import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryEventStore, OutcomeUnknown, type EventStore } from '@rapport/event-store';
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

const run = (steps: BoatStep[], by = call(), store = events): Promise<CommandOutcome<unknown>> =>
  new RunCommandHandler(store, clock, 'boats').execute(
    new RunCommand({ decider: boat as never, id: 'b1', steps, call: by }) as never,
  );

const stored = async (): Promise<RecordedEvent[]> => {
  const all: RecordedEvent[] = [];
  for await (const event of events.read('boat-main-b1')) all.push(event);
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

  it('is repeated exactly when the store does not say whether it wrote', async () => {
    let lost = 2;
    const forgetful: EventStore = {
      append: async (...args) => {
        const appended = await events.append(...args);
        if (lost-- > 0) throw new OutcomeUnknown(args[0], undefined);
        return appended;
      },
      read: (...args) => events.read(...args),
      follow: (...args) => events.follow(...args),
      end: () => events.end(),
      lacks: (position) => events.lacks(position),
      close: () => events.close(),
    };
    expect(await run([create('Ida')], call(), forgetful)).toMatchObject({ outcome: 'created', revision: 0 });
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
