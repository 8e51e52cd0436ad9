import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Fields, grant, problemOf, Rapport, somebody } from './support/index.js';

let rapport: Rapport;
let teams: Record<'coast' | 'east', string>;

const make = async (list: string, fields: object): Promise<string> =>
  (await rapport.api.post(`/v1/${list}`, fields)).id;

beforeAll(async () => {
  rapport = await Rapport.start();
  teams = { coast: await make('teams', { name: 'Coast' }), east: await make('teams', { name: 'East' }) };
});
afterAll(() => rapport.stop());

describe('the feed of somebody who sees a part', () => {
  type Told = { readonly type: string; readonly subject: string; readonly data: Record<string, unknown> };
  type Page = { readonly data: readonly (Told & Fields)[]; readonly next: string };
  const short = ({ type, subject, data }: Told) => ({ type: type.slice(type.lastIndexOf('.') + 1), subject, data });

  const reader = (fields: readonly object[] = []) =>
    somebody(rapport.api, {
      role: { grants: [grant('account', 'read', 'team'), grant('event', 'read', 'all')], fields },
      user: { teamIds: [teams.coast] },
    });

  it('tells of what is in sight, whole when it comes, and only that it has gone when it goes', async () => {
    const { api } = await reader();
    const { next: start } = await api.get<Page>('/v1/events?after=now');
    const id = await make('accounts', { name: 'Handed over', sector: 'retail', teamId: teams.east });
    const path = `/v1/accounts/${id}`;
    const edits = [
      { sector: 'steel' },
      { teamId: teams.coast },
      { sector: 'gold' },
      { teamId: teams.east },
      { sector: 'tin' },
    ];
    const told: object[] = [];
    let after = start;
    const listen = async (): Promise<void> => {
      const { data, next } = await api.get<Page>(`/v1/events?after=${after}`);
      told.push(...data.map(short));
      after = next;
    };
    await listen();
    for (const edit of edits) {
      await rapport.api.patch(path, edit);
      await listen();
    }
    const subject = `account/${id}`;
    const record = { id, name: 'Handed over', sector: 'steel', teamId: teams.coast };
    expect(told).toEqual([
      { type: 'RecordCame', subject, data: { record: expect.objectContaining(record) as object } },
      { type: 'AccountEdited', subject, data: { set: { sector: 'gold' }, cleared: [] } },
      { type: 'RecordGone', subject, data: {} },
    ]);
    // Read from the beginning it is the rights of now that count: nothing of what was once in sight.
    const all = await api.get<Page>('/v1/events?limit=500');
    const again = all.data.filter((each) => each.subject === subject).map(short);
    expect(again).toEqual([{ type: 'RecordGone', subject, data: {} }]);
    await rapport.api.patch(path, { teamId: teams.coast });
    const { data } = await api.get<Page>('/v1/events?limit=500');
    expect(data.filter((each) => each.subject === subject).map(({ type }) => type.split('.').at(-1))).toEqual([
      ...['RecordCame', 'AccountEdited', 'RecordGone', 'RecordCame'],
    ]);
  });

  it('is without hidden fields, and without what did nothing else', async () => {
    const { api } = await reader([{ object: 'account', field: 'phone', access: 'hidden' }]);
    const phone = '+1 212 555 0100';
    const id = await make('accounts', { name: 'Half seen', phone, teamId: teams.coast });
    await rapport.api.patch(`/v1/accounts/${id}`, { phone: '+1 212 555 0101' });
    await rapport.api.patch(`/v1/accounts/${id}`, { phone: null, sector: 'retail' });
    const { data } = await api.get<Page>('/v1/events?limit=500');
    const told = data.filter(({ subject }) => subject === `account/${id}`).map(short);
    expect(told.map(({ type }) => type)).toEqual(['AccountCreated', 'AccountEdited']);
    expect(told[1]!.data).toEqual({ set: { sector: 'retail' }, cleared: [] });
    expect(JSON.stringify(told)).not.toContain('phone');
  });

  it('is without what follows from a hidden field', async () => {
    const { api } = await somebody(rapport.api, {
      role: {
        grants: [grant('contact', 'read', 'team'), grant('event', 'read', 'all')],
        fields: ['email', 'otherEmails', 'phone', 'birthDate'].map((field) => ({
          ...{ object: 'contact', field, access: 'hidden' },
        })),
      },
      user: { teamIds: [teams.coast] },
    });
    const id = await make('contacts', { lastName: 'Half seen', email: 'one@example.org', teamId: teams.coast });
    for (const change of [
      { email: 'two@example.org' },
      { phone: '+1 212 555 0101' },
      { otherEmails: ['3@example.org'] },
    ])
      await rapport.api.patch(`/v1/contacts/${id}`, change);
    await rapport.api.patch(`/v1/contacts/${id}`, { birthDate: '1980-02-03' });
    const { data } = await api.get<Page>('/v1/events?limit=500');
    const told = data.filter(({ subject }) => subject === `contact/${id}`).map(short);
    expect(told.map(({ type }) => type)).toEqual(['ContactCreated']);
  });

  it('begins anew once the rights are others', async () => {
    const { api, roleId } = await reader();
    const { next } = await api.get<Page>('/v1/events?after=now');
    await rapport.api.patch(`/v1/roles/${roleId}`, {
      grants: [grant('account', 'read', 'own'), grant('event', 'read', 'all')],
    });
    for (const path of [`/v1/events?after=${next}`, `/v1/events/stream?after=${next}`])
      expect(await problemOf(api.get(path))).toMatchObject({ status: 410, code: 'resync' });
  });
});
