import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, eventually, type Fields, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(() => rapport.stop());

const EMAIL = 'ada@example.org';
const PASSWORD = 'an engine that weaves patterns';

interface Entry extends Fields {
  readonly what: string;
  readonly actor: { readonly kind: string; readonly id: string };
}

const entries = async (filter: string, by: Api = api, context = 'identity'): Promise<readonly Entry[]> =>
  (await by.get<List<Entry>>(`/v1/audit/${context}/entries?filter=${encodeURIComponent(filter)}`)).data;

const post = (path: string, body: object): Promise<Response> =>
  fetch(api.address + path, {
    method: 'POST',
    headers: { origin: api.address, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

interface Chain {
  readonly whole: boolean;
  readonly links: number;
  readonly hash: string;
}

const chainOf = (context: string): Promise<Chain> => api.get<Chain & Fields>(`/v1/audit/${context}/chain`);

/** It follows behind. */
const chainedTo = async (context: string, facts: number): Promise<void> => {
  const chain = await eventually(
    () => chainOf(context),
    ({ links }) => links >= facts,
  );
  expect(chain).toMatchObject({ whole: true, links: facts });
};

describe('the audit trail', () => {
  let user: Fields;

  beforeAll(async () => {
    user = await api.post('/v1/users', { name: 'Ada Lovelace', email: EMAIL });
    const { url } = await api.post<{ url: string }>(`/v1/users/${user.id}:invite`);
    await post('/v1/passwords', { link: url.slice(url.indexOf('#') + 1), password: PASSWORD });
  });

  it('has whoever signed in and whoever was not let in, with the address they came from', async () => {
    expect((await post('/v1/sessions', { email: EMAIL, password: 'not this one' })).status).toBe(401);
    expect((await post('/v1/sessions', { email: 'eve@example.org', password: 'whatever it is' })).status).toBe(401);
    expect((await post('/v1/sessions', { email: EMAIL, password: PASSWORD })).status).toBe(201);
    const came = await entries('what = "SignedIn"');
    expect(came).toHaveLength(2);
    expect(came[0]).toMatchObject({ personId: user.id, actor: { kind: 'user', id: user.id } });
    expect(came[0]!['address']).toMatch(/127\.0\.0\.1$/);
    const failed = await entries('what = "SignInFailed"');
    expect(failed.map(({ code }) => code)).toEqual(['sign-in-refused', 'sign-in-refused']);
    expect(failed.filter(({ personId }) => personId === user.id)).toHaveLength(1);
  });

  it('has changes of roles and keys, with who made them', async () => {
    const role = await api.post('/v1/roles', { name: 'Visitor', grants: [] });
    const key = await api.post('/v1/api-keys', { name: 'Key', userId: user.id });
    await api.delete(`/v1/api-keys/${key.id}`);
    const changed = await entries('object = "role" AND what = "RoleCreated"');
    expect(changed.find(({ recordIds }) => (recordIds as string[])[0] === role.id)).toBeDefined();
    expect((await entries(`recordIds: "${key.id}"`)).map(({ what }) => what)).toEqual([
      'ApiKeyRevoked',
      'ApiKeyIssued',
    ]);
  });

  it('has what was refused, once a minute of the same, and what was taken along', async () => {
    const viewer = await api.clientFor(['viewer']);
    const contact = await api.post('/v1/contacts', { lastName: 'Byron' });
    for (const _ of [1, 2, 3])
      expect(await problemOf(viewer.post(`/v1/contacts/${contact.id}:erase`))).toMatchObject({ status: 403 });
    const method = 'rapport.contacts.v1.ContactsService/EraseContact';
    const refused = await entries(`what = "CallRefused" AND method = "${method}"`);
    expect(refused).toMatchObject([{ code: 'permission-missing', actor: { kind: 'apiKey' } }]);
    const lines = (await api.send<string>('GET', '/v1/audit/identity/entries.ndjson')).body.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(8);
    expect(JSON.parse(lines[0]!)).toHaveProperty('what');
    expect(await entries('what = "DataTakenAlong"')).toMatchObject([
      { method: 'rapport.audit.v1.AuditService/DownloadAuditEntries' },
    ]);
  });

  it('is for administrators and privacy officers alone', async () => {
    const officer = await api.clientFor(['privacy-officer']);
    expect(await entries('what = "SignedIn"', officer)).toHaveLength(2);
    for (const role of ['manager', 'sales', 'viewer']) {
      const other = await api.clientFor([role]);
      expect(await problemOf(entries('what = "SignedIn"', other))).toMatchObject({ code: 'permission-missing' });
    }
  });

  it('is chained to the end, fact by fact, and an erasure does not break it', async () => {
    const contact = await api.post('/v1/contacts', { lastName: 'Byron' });
    await api.post(`/v1/contacts/${contact.id}:erase`);
    const erased = await eventually(
      () => entries('what = "ErasureReceiptWritten" OR what = "ErasureReceiptSigned"', api, 'contacts'),
      ({ length }) => length === 2,
    );
    await chainedTo('contacts', erased.length);
    const before = await entries(`what = "SignedIn" AND personId = "${user.id}"`);
    await api.post(`/v1/users/${user.id}:erase`);
    const after = await entries(`what = "SignedIn" AND personId = "${user.id}"`);
    expect(after).toEqual(before.map(({ address: _, ...entry }) => entry));
    const { page } = await api.get<List<Entry>>('/v1/audit/identity/entries?total=true');
    await chainedTo('identity', page.total!);
  });
});
