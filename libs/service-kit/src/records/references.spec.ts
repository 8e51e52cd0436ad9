import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryEventStore, streamName } from '@rapport/event-store';
import { idFrom, newId, type Policy, type Principal, recordDecider } from '@rapport/kernel';
import { where } from '@rapport/read-models';
import { Scope } from '@rapport/read-models/scope';
import { recordProjection } from './record-document.js';
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
const principal: Principal = { tenant: 'main', actor: { kind: 'user', id: 'u' }, roles: [] };
const projection = recordProjection(boat, { name: 'boats', fields: { name: 'text' }, indexes: [] });
const check = (asked: object, id?: string): Promise<unknown> => checkBy(references, principal, asked, id);
const checkBy = (by: References, who: Principal, asked: object, id?: string): Promise<unknown> =>
  by.check(asked, { principal: who, ...(id === undefined ? {} : { id }) }).then(
    () => 'fine',
    ({ kind, code, details }: { kind: string; code: string; details: { fields: { pointer: string }[] } }) =>
      `${kind} ${code} ${details.fields[0]!.pointer}`,
  );

beforeEach(async () => {
  events = new InMemoryEventStore();
  references = new References({ harbour: 'harbour', tender: 'boat' }, boat as never, { events, list: { projection } });
  await happened('harbour', HARBOUR, 'HarbourCreated', {});
  for (const id of [IDA, ADA, EDA]) await happened('boat', id, 'BoatCreated', { name: id });
});

describe('what a record refers to', () => {
  it('has to be there, in the same tenant', async () => {
    expect(await check({ harbour: HARBOUR, name: NOBODY })).toBe('fine');
    expect(await check({ harbour: NOBODY })).toBe('invalid harbour-not-found /harbour');
    expect(await check({ harbour: NOBODY }, IDA)).toBe('invalid harbour-not-found /harbour');
    await expect(
      references.check({ harbour: HARBOUR }, { principal: { ...principal, tenant: 'other' } }),
    ).rejects.toMatchObject({
      code: 'harbour-not-found',
    });
  });

  it('may be several', async () => {
    const fleet = new References({ boats: 'boat' }, boat as never, { events, list: { projection } });
    await expect(fleet.check({ boats: [IDA, ADA] }, { principal })).resolves.toBeUndefined();
    const asked = { boats: [IDA, NOBODY] };
    await expect(fleet.check(asked, { principal })).rejects.toMatchObject({ code: 'boat-not-found' });
    await happened('boat', EDA, 'BoatEdited', { set: { boats: [NOBODY] } });
    await expect(fleet.check(asked, { principal, id: EDA })).resolves.toBeUndefined();
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

describe('for somebody who sees a part', () => {
  const rows = where('name', '!=', ADA);
  const listOf = () => projection;
  const seeing = (restriction: object): References =>
    new References({ harbour: 'harbour', tender: 'boat' }, boat as never, {
      ...{ events, listOf, list: { projection } },
      scopeOf: ({ tenant }) => new Scope(tenant, restriction),
    });
  const some = (asked: object, id?: string) => checkBy(seeing({ rows }), principal, asked, id);
  const MISSING = 'invalid boat-not-found /tender';

  it('what is out of sight is not there, to refer to and to be referred from', async () => {
    expect(await some({ tender: IDA })).toBe('fine');
    expect(await some({ tender: ADA })).toBe(MISSING);
    expect(await some({ tender: ADA }, IDA)).toBe(MISSING);
    await stands(IDA, ADA);
    expect(await some({ tender: ADA }, IDA)).toBe('fine');
    await stands(ADA, NOBODY);
    expect(await some({ tender: NOBODY }, ADA)).toBe(MISSING);
    await stands(EDA, ADA);
    expect(await some({ tender: EDA }, ADA)).toBe('fine');
  });

  it('what a hidden field says is not found out by trying', async () => {
    await stands(IDA, NOBODY);
    const tried = (tender: string) => checkBy(seeing({ hidden: ['tender'] }), principal, { tender }, IDA);
    expect([await tried(NOBODY), await tried(ADA)]).toEqual(['fine', 'fine']);
  });

  it('other kinds are seen as roles say, and oneself and the own teams always', async () => {
    const policy = { owners: [HARBOUR], teams: [], teamsAndBelow: [], roles: [] } satisfies Policy;
    const asked = { harbour: HARBOUR };
    const nobody = 'invalid harbour-not-found /harbour';
    expect(await checkBy(references, { ...principal, policy: { ...policy, owners: [] } }, asked)).toBe(nobody);
    expect(await checkBy(references, { ...principal, policy }, asked)).toBe('fine');
    const grants = [{ object: 'harbour', action: 'read', scope: 'all' }] as const;
    const roles = [{ grants, fields: [] }];
    expect(await checkBy(references, { ...principal, policy: { ...policy, owners: [], roles } }, asked)).toBe('fine');
  });
});
