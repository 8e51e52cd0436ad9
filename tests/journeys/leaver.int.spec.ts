import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, eventually, type Fields, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(() => rapport.stop());

interface Handover extends Fields {
  readonly id: string;
  readonly state: string;
  readonly eventId: string;
}

const settled = (id: string): Promise<Handover> =>
  eventually(
    () => api.get<Handover>(`/v1/handovers/${id}`),
    ({ state }) => state !== 'running',
  );
const ownerOf = async (list: string, { id }: Fields): Promise<unknown> =>
  (await api.get<Fields>(`/v1/${list}/${id}`))['ownerId'];

describe('somebody who leaves', () => {
  let [ada, bob, carol]: Fields[] = [];
  let [repOfAda, repOfBob]: Fields[] = [];
  let [contact, account, other, deal, done]: Fields[] = [];
  let left: Handover;

  beforeAll(async () => {
    const { data } = await api.get<List<Fields>>(`/v1/roles?filter=${encodeURIComponent('builtIn = "sales"')}`);
    const roleIds = [data[0]!.id];
    repOfAda = await api.post<Fields>('/v1/representatives', { name: 'Ada' });
    repOfBob = await api.post<Fields>('/v1/representatives', { name: 'Bob' });
    ada = await api.post<Fields>('/v1/users', { name: 'Ada', roleIds, representativeId: repOfAda.id });
    bob = await api.post<Fields>('/v1/users', { name: 'Bob', roleIds, representativeId: repOfBob.id });
    carol = await api.post<Fields>('/v1/users', { name: 'Carol', roleIds });
    await api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'New', probability: 10 }] });
    contact = await api.post<Fields>('/v1/contacts', { lastName: 'Menabrea', ownerId: ada.id });
    account = await api.post<Fields>('/v1/accounts', { name: 'Analytical Engines', ownerId: repOfAda.id });
    other = await api.post<Fields>('/v1/accounts', { name: 'Difference Engines', ownerId: ada.id });
    deal = await api.post<Fields>('/v1/opportunities', { name: 'Cards', ownerId: repOfAda.id });
    done = await api.post<Fields>('/v1/opportunities', { name: 'Reels', ownerId: repOfAda.id });
    await api.post(`/v1/opportunities/${done.id}:win`);
  });

  it('needs a successor who can go on with the work', async () => {
    const leave = (successorId: string) => problemOf(api.post(`/v1/users/${ada!.id}:leave`, { successorId }));
    expect(await leave(ada!.id)).toMatchObject({ status: 409, code: 'own-successor' });
    expect((await api.get<Fields>(`/v1/users/${ada!.id}`))['info']).toMatchObject({ archived: false });
  });

  it('is out at once, with keys and open streams', async () => {
    const { secret } = await api.post<{ secret: string }>('/v1/api-keys', { name: 'Phone', userId: ada!.id });
    const headers = { authorization: `Bearer ${secret}` };
    const stream = await fetch(`${api.address}/v1/events/stream?after=now`, { headers });
    expect(stream.status).toBe(200);
    left = await api.post<Handover>(`/v1/users/${ada!.id}:leave`, { successorId: bob!.id });
    expect(left).toMatchObject({ userId: ada!.id, successorId: bob!.id, undone: false });
    await eventually(
      async () => (await fetch(`${api.address}/v1/me`, { headers })).status,
      (status) => status === 401,
    );
    await stream.text();
  });

  it('leaves the work to the successor, record by record, and each tells why', async () => {
    expect(await settled(left.id)).toMatchObject({ state: 'done', undone: false });
    expect(await ownerOf('contacts', contact!)).toBe(bob!.id);
    expect(await ownerOf('accounts', account!)).toBe(bob!.id);
    expect(await ownerOf('accounts', other!)).toBe(bob!.id);
    expect(await ownerOf('opportunities', deal!)).toBe(repOfBob!.id);
    // Who won it has won it.
    expect(await ownerOf('opportunities', done!)).toBe(repOfAda!.id);
    const { data } = await api.get<List<Fields>>(`/v1/contacts/${contact!.id}/history`);
    expect(data[0]).toMatchObject({
      type: 'ContactEdited',
      causationId: left.eventId,
      changes: [{ field: 'ownerId', from: ada!.id, to: bob!.id }],
    });
  });

  it('gets it back by one step, but for what somebody else has got since', async () => {
    await api.patch(`/v1/accounts/${other!.id}`, { ownerId: carol!.id });
    await api.post(`/v1/handovers/${left.id}:undo`);
    expect(await settled(left.id)).toMatchObject({ state: 'done', undone: true });
    expect(await ownerOf('contacts', contact!)).toBe(ada!.id);
    expect(await ownerOf('accounts', account!)).toBe(repOfAda!.id);
    expect(await ownerOf('accounts', other!)).toBe(carol!.id);
    expect(await ownerOf('opportunities', deal!)).toBe(repOfAda!.id);
  });
});
