import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { simulatedTime } from '@rapport/testing';
import type { Assembly } from './support/assembly.js';
import { ADMINISTRATOR, Api, eventually, type Fields, type List, problemOf } from './support/index.js';
import { startStandaloneAssembly } from './support/standalone-assembly.js';

const DAY = 86_400_000;
const time = simulatedTime(Date.now());

let rapport: Assembly;
let api: Api;
beforeAll(async () => {
  rapport = await startStandaloneAssembly({}, time);
  api = new Api(rapport.address, ADMINISTRATOR);
});
afterAll(() => rapport.stop());

interface Retention extends Fields {
  readonly policies: readonly Fields[];
  readonly objects: readonly { readonly object: string; readonly actions: readonly string[] }[];
  readonly running: boolean;
  readonly nextRunAt?: string;
  readonly outcomes: readonly Fields[];
}

const of = (context: string): Promise<Retention> => api.get<Retention>(`/v1/retention/${context}`);
const set = (context: string, policy: object, by = api): Promise<Retention> =>
  by.post<Retention>(`/v1/retention/${context}/policies`, policy);
const trial = (context: string, policy: object): Promise<Fields & { data: Fields[] }> =>
  api.post(`/v1/retention/${context}:try`, policy);
const contact = (lastName: string): Promise<Fields> => api.post('/v1/contacts', { lastName });

describe('a retention policy', () => {
  it('is refused for what is not kept here, for no days, twice for one kind of record, and for who works here', async () => {
    const policy = { object: 'contact', action: 'erase', days: 30 };
    for (const [changed, code] of [
      [{ object: 'contcat' }, 'unknown-object'],
      [{ object: 'account' }, 'unknown-action'],
      [{ days: -1 }, 'invalid-request'],
      [{ days: 0 }, 'invalid-request'],
      [{ days: 1e9 }, 'invalid-request'],
      [{ action: 'burn' }, 'invalid-request'],
    ] as const)
      expect(await problemOf(set('contacts', { ...policy, ...changed }))).toMatchObject({ status: 400, code });
    expect(await problemOf(set('contacts', { ...policy, object: 'contcat' }))).toMatchObject({
      detail: expect.stringContaining('Did you mean "contact"?'),
    });
    expect(await problemOf(set('nowhere', policy))).toMatchObject({ status: 404 });
    expect(await problemOf(set('identity', { ...policy, object: 'user' }))).toMatchObject({ code: 'who-works-here' });
    expect((await set('sales', { object: 'opportunity', action: 'archive', days: 900 })).policies).toHaveLength(1);
    const second = problemOf(set('sales', { object: 'opportunity', action: 'archive', days: 30 }));
    expect(await second).toMatchObject({ status: 409, code: 'policy-exists' });
    expect(await problemOf(api.delete('/v1/retention/sales/policies/product'))).toMatchObject({ status: 404 });
    expect(await api.delete('/v1/retention/sales/policies/opportunity')).toMatchObject({ policies: [] });
    expect(await problemOf(api.post('/v1/retention/sales:run'))).toMatchObject({ code: 'no-policies' });
  });

  it('is for whoever may do with every record what it does', async () => {
    const viewer = await api.clientFor(['viewer']);
    expect(await problemOf(set('contacts', { object: 'contact', action: 'erase', days: 9 }, viewer))).toMatchObject({
      status: 403,
      code: 'permission-missing',
    });
    const officer = await api.clientFor(['privacy-officer']);
    const archiving = { object: 'contact', action: 'archive', days: 9 };
    expect(await problemOf(set('contacts', archiving, officer))).toMatchObject({ code: 'permission-missing' });
  });

  it('says in a dry run which records it is about, changes nothing, and is carried out by itself a day later', async () => {
    const [old, held, touched] = await Promise.all(['Byron', 'Babbage', 'Lovelace'].map(contact));
    const account = await api.post('/v1/accounts', { name: 'Analytical Engines' });
    await api.post(`/v1/contacts/${held!.id}:hold`, { reason: 'Case 17' });
    time.advance(10 * DAY);
    await api.patch(`/v1/contacts/${touched!.id}`, { title: 'Countess' });
    const policy = { object: 'contact', action: 'erase', days: 5 };
    const told = await trial('contacts', policy);
    expect(told).toMatchObject({ records: 2, held: 1 });
    expect(told.data.map(({ id, held: isHeld }) => [id, isHeld]).sort()).toEqual(
      [
        [old!.id, false],
        [held!.id, true],
      ].sort(),
    );
    expect(await api.get(`/v1/contacts/${old!.id}`)).toMatchObject({ lastName: 'Byron', erased: false });

    await set('contacts', policy);
    const { nextRunAt } = await set('contacts', { object: 'account', action: 'archive', days: 9 });
    expect(Date.parse(nextRunAt!) - time.clock.now().getTime()).toBeGreaterThan(0.9 * DAY);
    time.advance(DAY);
    await time.passUntil('the policies are carried out', async () => {
      const { outcomes, running } = await of('contacts');
      return outcomes.length === 2 && !running;
    });
    expect((await of('contacts')).outcomes).toMatchObject([
      { object: 'contact', action: 'erase', done: 1, held: 1, kept: 0 },
      { object: 'account', action: 'archive', done: 1, held: 0, kept: 0 },
    ]);
    expect(await api.get(`/v1/contacts/${old!.id}`)).toMatchObject({ erased: true });
    expect(await api.get(`/v1/contacts/${held!.id}`)).toMatchObject({ lastName: 'Babbage', erased: false });
    expect(await api.get(`/v1/contacts/${touched!.id}`)).toMatchObject({ lastName: 'Lovelace' });
    const erasure = () => api.get<Fields & { state: string }>(`/v1/contacts/${old!.id}/erasure`);
    expect(await eventually(erasure, ({ state }) => state === 'done')).toMatchObject({
      actor: { kind: 'system', id: 'retention' },
    });
    const { data } = await api.get<List<Fields>>(`/v1/accounts/${account.id}/history`);
    const filter = encodeURIComponent('what = "RetentionRunBegun"');
    const begun = await api.get<List<Fields>>(`/v1/audit/contacts/entries?filter=${filter}`);
    expect(data[0]).toMatchObject({ type: 'AccountArchived', causationId: begun.data[0]!.id });
  });

  it('is carried out once more with what is too old by then, and not for what a hold was lifted from too late', async () => {
    const { data } = await api.get<List<Fields>>(`/v1/contacts?filter=${encodeURIComponent('lastName = "Babbage"')}`);
    await api.post(`/v1/contacts/${data[0]!.id}:release`);
    await api.post('/v1/retention/contacts:run');
    await eventually(
      () => of('contacts'),
      ({ running }) => !running,
    );
    // To lift it was a change.
    expect((await of('contacts')).outcomes[0]).toMatchObject({ done: 0, held: 0 });
    expect(await api.get(`/v1/contacts/${data[0]!.id}`)).toMatchObject({ lastName: 'Babbage' });
  });
});
