import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Fields, grant, type List, problemOf, Rapport, type Somebody, somebody } from './support/index.js';

let rapport: Rapport;
let teams: Record<'west' | 'coast' | 'east', string>;
let seller: Somebody;

const make = async (list: string, fields: object): Promise<string> =>
  (await rapport.api.post(`/v1/${list}`, fields)).id;

interface Explanation {
  readonly visible: boolean;
  readonly because: string;
  readonly hidden: readonly string[];
}

beforeAll(async () => {
  rapport = await Rapport.start();
  const west = await make('teams', { name: 'West' });
  teams = {
    west,
    coast: await make('teams', { name: 'Coast', parentId: west }),
    east: await make('teams', { name: 'East' }),
  };
  const role = {
    grants: [grant('account', 'read', 'team-and-below'), grant('event', 'read', 'all')],
    fields: [{ object: 'account', field: 'phone', access: 'hidden' }],
  };
  seller = await somebody(rapport.api, { role, user: { teamIds: [west] } });
});
afterAll(() => rapport.stop());

describe('why somebody sees a record, or does not,', () => {
  const whyOf = (id: string, object = 'account', api = rapport.api): Promise<Explanation> =>
    api.get<Explanation>(`/v1/users/${seller.id}/access/${object}/${id}`);

  it('is told in words, and agrees with what that one finds', async () => {
    const read = [{ userId: seller.id, access: 'read' }];
    const accounts: readonly (readonly [object, boolean, string])[] = [
      [{ ownerId: seller.id }, true, 'owned by the user'],
      [{ teamId: teams.west }, true, "the user's own"],
      [{ teamId: teams.coast }, true, "below the user's own"],
      [{ teamId: teams.east }, false, 'No rule'],
      [{}, false, 'No rule'],
      [{ shares: read }, true, 'shared with the user to read'],
    ];
    for (const [fields, visible, words] of accounts) {
      const id = await make('accounts', { name: 'Acme', ...fields });
      const told = await whyOf(id);
      expect({ fields, ...told }).toMatchObject({
        fields,
        visible,
        hidden: expect.arrayContaining(['phone']) as object,
      });
      expect(told.because).toContain(words);
      await rapport.api.get(`/v1/accounts/${id}`);
      expect((await seller.api.fetch('GET', `/v1/accounts/${id}`)).status).toBe(visible ? 200 : 404);
    }
    const contact = await make('contacts', { lastName: 'Lovelace' });
    expect(await whyOf(contact, 'contact')).toMatchObject({
      visible: false,
      because: 'No rule shows this contact to the user.',
    });
  });

  it('is told to nobody but who may say what roles say, and of nothing that is not there', async () => {
    const id = await make('accounts', { name: 'Acme' });
    expect(await problemOf(whyOf(id, 'account', seller.api))).toMatchObject({ status: 403 });
    const looksAfter = await somebody(rapport.api, { role: { grants: [grant('user', '*', 'all')] } });
    expect(await problemOf(whyOf(id, 'account', looksAfter.api))).toMatchObject({
      status: 403,
      code: 'not-yours-to-look-at',
    });
    expect(await problemOf(whyOf(seller.id))).toMatchObject({ status: 404, code: 'account-not-found' });
    expect(await problemOf(whyOf(id, 'planet'))).toMatchObject({ status: 404, code: 'unknown-object' });
  });
});

describe('an administrator who looks as somebody else does', () => {
  const view = () => ({ headers: { 'rapport-view-as': seller.id } });
  const paths = ['/v1/accounts?total=true&limit=200', '/v1/contacts', '/v1/accounts?sort=phone'];

  it('is answered as that one is, by every read', async () => {
    const answered = async (response: Promise<Response>) => {
      const { status, ...rest } = await response;
      const { correlationId: _, ...body } = (await (await response).json()) as Record<string, unknown>;
      return { status, body, rest: typeof rest };
    };
    for (const path of paths)
      expect(await answered(rapport.api.fetch('GET', path, view()))).toEqual(
        await answered(seller.api.fetch('GET', path)),
      );
    const { body } = await rapport.api.send<List<Fields>>('GET', '/v1/accounts?limit=200', view());
    expect(body.data.some((each) => 'phone' in each)).toBe(false);
  });

  it('changes nothing, opens no stream, and has to be one', async () => {
    const write = rapport.api.send('POST', '/v1/accounts', { body: { name: 'As another' }, ...view() });
    expect(await problemOf(write)).toMatchObject({ status: 400, code: 'view-as-reads' });
    expect(await problemOf(rapport.api.send('GET', '/v1/events/stream', view()))).toMatchObject({
      code: 'view-as-reads',
    });
    const { data } = await rapport.api.get<List<Fields>>('/v1/users?limit=1');
    const asAnother = { headers: { 'rapport-view-as': data[0]!.id } };
    expect(await problemOf(seller.api.send('GET', '/v1/accounts', asAnother))).toMatchObject({ status: 403 });
    const nobody = { headers: { 'rapport-view-as': '00000000-0000-7000-8000-00000000dead' } };
    expect(await problemOf(rapport.api.send('GET', '/v1/accounts', nobody))).toMatchObject({ code: 'user-not-found' });
  });

  it('is noted in the audit trail, with whose view it was', async () => {
    await rapport.api.send('GET', '/v1/accounts', view());
    const noted = JSON.stringify(await rapport.api.get('/v1/audit/identity/entries?limit=200'));
    expect(noted).toContain('viewed-as');
    expect(noted).toContain(seller.id);
  });
});
