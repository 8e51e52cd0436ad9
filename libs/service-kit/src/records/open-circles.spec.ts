import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryEventStore, streamName } from '@rapport/event-store';
import { fold, idFrom, mergeable, newId, recordDecider, type RecordedEvent } from '@rapport/kernel';
import type { RunCommand } from '../commands/run-command.js';
import { openCircles } from './open-circles.js';

const boat = mergeable('Boat', recordDecider<'Boat', { name: string; tender?: string }>('boat', 'Boat'));
const [IDA, ADA, EDA] = ['ida', 'ada', 'eda'].map((name) => idFrom(name)) as [string, string, string];

let events: InMemoryEventStore;
let stored: RecordedEvent[];

const recorded = async (id: string): Promise<RecordedEvent[]> => {
  const history: RecordedEvent[] = [];
  for await (const event of events.read(streamName('boat', 'main', id))) history.push(event);
  return history;
};
const happened = async (id: string, type: string, data: object): Promise<void> => {
  const metadata = { tenant: 'main', actor: { kind: 'user', id: 'u' }, correlationId: 'c', commandId: 'c' } as const;
  const more = { occurredAt: '2026-01-01T00:00:00.000Z', schemaVersion: 1 };
  await events.append(
    streamName('boat', 'main', id),
    [{ id: newId(), type, data, metadata: { ...metadata, ...more } }],
    'any',
  );
  stored.push((await recorded(id)).at(-1)!);
};
const stands = (id: string, tender: string | null): Promise<void> => happened(id, 'BoatEdited', { set: { tender } });
const tenderOf = async (id: string): Promise<string | undefined> => fold(boat, (await recorded(id)) as never[])?.tender;

/** The write path, as far as this needs it. */
const execute = async ({ order }: RunCommand<never, never>): Promise<void> => {
  const state = fold(boat, (await recorded(order.id)) as never[]);
  const decision = order.steps[0]!.decide(state as never, {} as never, []);
  for (const { type, data } of decision as unknown as { type: string; data: object }[])
    await happened(order.id, type, data);
};
/** Lets the reaction see everything, what it does itself too. */
const settle = async (): Promise<void> => {
  const provided = () => ({ events, execute });
  const reaction = openCircles({ decider: boat, noun: 'Boat', plural: 'boats' }, 'tender', provided as never);
  for (const event of stored) await reaction.react(event, new AbortController().signal);
};

beforeEach(async () => {
  events = new InMemoryEventStore();
  stored = [];
  for (const id of [IDA, ADA, EDA]) await happened(id, 'BoatCreated', { name: id });
});

describe('a circle that two changes made at once', () => {
  it('is opened where it was closed: that record stands where it stood before', async () => {
    await stands(ADA, EDA);
    await stands(IDA, ADA);
    await stands(ADA, IDA);
    await settle();
    expect([await tenderOf(IDA), await tenderOf(ADA)]).toEqual([ADA, EDA]);
  });

  it('is opened where it was closed by a record that stands nowhere otherwise', async () => {
    await stands(IDA, ADA);
    await stands(EDA, IDA);
    await stands(ADA, EDA);
    const before = stored.length;
    await settle();
    await settle();
    expect([await tenderOf(IDA), await tenderOf(EDA), await tenderOf(ADA)]).toEqual([ADA, IDA, undefined]);
    expect(stored).toHaveLength(before + 1);
  });

  it('is left alone where somebody has opened it since', async () => {
    await stands(IDA, ADA);
    await stands(ADA, IDA);
    await stands(IDA, EDA);
    await settle();
    expect([await tenderOf(IDA), await tenderOf(ADA)]).toEqual([EDA, IDA]);
  });

  it('is none while a split has been told by one of the two only', async () => {
    await stands(ADA, EDA);
    await stands(EDA, IDA);
    await happened(IDA, 'BoatMergedInto', { survivorId: ADA });
    await happened(ADA, 'BoatMerged', { otherId: IDA, set: { tender: null } });
    await happened(ADA, 'BoatUnmerged', { otherId: IDA, set: { tender: EDA } });
    await settle();
    expect(await tenderOf(ADA)).toBe(EDA);
  });
});
