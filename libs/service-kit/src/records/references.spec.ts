import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryEventStore, streamName } from '@rapport/event-store';
import { idFrom, newId, recordDecider } from '@rapport/kernel';
import { References } from './references.js';

const boat = recordDecider<'Boat', { name: string; harbour?: string; tender?: string }>('boat', 'Boat');
const [IDA, ADA, EDA, HARBOUR, NOBODY] = ['ida', 'ada', 'eda', 'harbour', 'nobody'].map((name) => idFrom(name)) as [
  string,
  string,
  string,
  string,
  string,
];

let events: InMemoryEventStore;
let references: References;

const happened = async (aggregate: string, id: string, type: string, data: object): Promise<void> => {
  const metadata = { tenant: 'main', actor: { kind: 'user', id: 'u' }, correlationId: 'c', commandId: 'c' } as const;
  const more = { occurredAt: '2026-01-01T00:00:00.000Z', schemaVersion: 1 };
  await events.append(
    streamName(aggregate, 'main', id),
    [{ id: newId(), type, data, metadata: { ...metadata, ...more } }],
    'any',
  );
};
const stands = (id: string, tender: string): Promise<void> => happened('boat', id, 'BoatEdited', { set: { tender } });
const check = (asked: object, id?: string): Promise<unknown> =>
  references.check(asked, { tenant: 'main', ...(id === undefined ? {} : { id }) }).then(
    () => 'fine',
    ({ kind, code, details }: { kind: string; code: string; details: { fields: { pointer: string }[] } }) =>
      `${kind} ${code} ${details.fields[0]!.pointer}`,
  );

beforeEach(async () => {
  events = new InMemoryEventStore();
  references = new References({ harbour: 'harbour', tender: 'boat' }, boat as never, events);
  await happened('harbour', HARBOUR, 'HarbourCreated', {});
  for (const id of [IDA, ADA, EDA]) await happened('boat', id, 'BoatCreated', { name: id });
});

describe('what a record refers to', () => {
  it('has to be there, in the same tenant', async () => {
    expect(await check({ harbour: HARBOUR, name: NOBODY })).toBe('fine');
    expect(await check({ harbour: NOBODY })).toBe('invalid harbour-not-found /harbour');
    expect(await check({ harbour: NOBODY }, IDA)).toBe('invalid harbour-not-found /harbour');
    await expect(references.check({ harbour: HARBOUR }, { tenant: 'other' })).rejects.toMatchObject({
      code: 'harbour-not-found',
    });
  });

  it('may be several', async () => {
    const fleet = new References({ boats: 'boat' }, boat as never, events);
    await expect(fleet.check({ boats: [IDA, ADA] }, { tenant: 'main' })).resolves.toBeUndefined();
    const asked = { boats: [IDA, NOBODY] };
    await expect(fleet.check(asked, { tenant: 'main' })).rejects.toMatchObject({ code: 'boat-not-found' });
    await happened('boat', EDA, 'BoatEdited', { set: { boats: [NOBODY] } });
    await expect(fleet.check(asked, { tenant: 'main', id: EDA })).resolves.toBeUndefined();
  });

  it('may be emptied, and may stay where it has gone missing before anybody looked', async () => {
    await happened('boat', IDA, 'BoatEdited', { set: { harbour: NOBODY } });
    expect(await check({ harbour: null, tender: '' }, IDA)).toBe('fine');
    expect(await check({ harbour: NOBODY }, IDA)).toBe('fine');
  });
});

describe('a record of a family', () => {
  it('never stands under itself, however far up', async () => {
    expect(await check({ tender: IDA }, IDA)).toBe('invalid under-itself /tender');
    await stands(ADA, IDA);
    await stands(EDA, ADA);
    expect(await check({ tender: EDA }, IDA)).toBe('invalid under-itself /tender');
    expect(await check({ tender: IDA }, EDA)).toBe('fine');
    expect(await check({ tender: EDA })).toBe('fine');
  });

  it('is not lost in a circle that was there before', async () => {
    await stands(ADA, EDA);
    await stands(EDA, ADA);
    expect(await check({ tender: ADA }, IDA)).toBe('fine');
    expect(await check({ tender: EDA }, ADA)).toBe('fine');
  });
});
