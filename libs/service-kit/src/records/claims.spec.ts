import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryEventStore } from '@rapport/event-store';
import { DomainError, fixedClock, newId, recordDecider, type CallContext, type RecordState } from '@rapport/kernel';
import { RunCommandHandler } from '../commands/run-command.handler.js';
import { RunCommand, type Step } from '../commands/run-command.js';
import { ClaimedWrites, type Claims } from './claims.js';

interface BoatFields {
  readonly name: string;
  readonly berth?: string;
}
type Boat = RecordState<BoatFields>;
const boat = recordDecider<'Boat', BoatFields>('boat', 'Boat');

/** Berths of a harbour, one boat each. */
class Berths implements Claims<Boat> {
  readonly taken = new Map<string, string>();

  async take({ id, after }: { readonly id: string; readonly after: Boat }): Promise<void> {
    const { berth } = after ?? {};
    if (berth === undefined) return;
    if ((this.taken.get(berth) ?? id) !== id)
      throw new DomainError('conflict', 'berth-taken', 'Another boat is there.');
    this.taken.set(berth, id);
  }

  async settle({ id, past, present }: { id: string; past: readonly Boat[]; present: Boat }): Promise<void> {
    for (const state of past) {
      const { berth } = state ?? {};
      if (berth !== undefined && berth !== present?.berth && this.taken.get(berth) === id) this.taken.delete(berth);
    }
  }
}

let events: InMemoryEventStore;
let berths: Berths;
const clock = fixedClock('2026-01-01T09:00:00.000Z');
const call = (): CallContext => ({
  principal: { tenant: 'main', actor: { kind: 'user', id: 'u' }, roles: [] },
  correlationId: 'c',
  answer: {},
});

type BoatStep = Step<Boat, never>;

const run = async (id: string, decide: BoatStep['decide'], given: object = {}): Promise<unknown> => {
  const handler = new RunCommandHandler(events, clock, 'boats');
  const order = { decider: boat as never, id, steps: [{ name: 'Do', input: id, decide }], call: call(), ...given };
  const claimed = new ClaimedWrites(boat as never, events, berths as never);
  return claimed
    .around(order as never, () => handler.execute(new RunCommand(order) as never))
    .then(
      () => 'done',
      ({ code }: DomainError) => code,
    );
};
const create = (id: string, berth: string) =>
  run(id, (state, at) => boat.decide.create(state, { name: id, berth }, at) as never);
const edit = (id: string, set: object, given?: object) =>
  run(id, (state, at) => boat.decide.edit(state, { set }, at) as never, given);
const [IDA, ADA] = [newId(), newId()] as const;

beforeEach(() => {
  events = new InMemoryEventStore(clock);
  berths = new Berths();
});

describe('what records claim', () => {
  it('is had by one of them, and free once that one has let go', async () => {
    expect(await create(IDA, 'east')).toBe('done');
    expect(await create(ADA, 'east')).toBe('berth-taken');
    expect(await edit(IDA, { berth: 'west' })).toBe('done');
    expect(await create(ADA, 'east')).toBe('done');
    expect([...berths.taken.keys()].sort()).toEqual(['east', 'west']);
  });

  it('is let go of where the write does not come about', async () => {
    await create(IDA, 'east');
    expect(await edit(IDA, { berth: 'west' }, { call: { ...call(), expectedRevision: 7 } })).toBe('stale-revision');
    expect([...berths.taken.keys()]).toEqual(['east']);
  });

  it('is not asked for by what is refused, or by who does not see the record', async () => {
    expect(await edit(IDA, { berth: 'east' })).toBe('boat-not-found');
    await create(IDA, 'east');
    await create(ADA, 'west');
    expect(await edit(ADA, { berth: 'east' }, { isSeen: () => false })).toBe('boat-not-found');
    expect([...berths.taken.keys()]).toEqual(['east', 'west']);
  });
});
