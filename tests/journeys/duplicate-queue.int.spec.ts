import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, eventually, type Fields, Import, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let operator: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  operator = rapport.api;
});
afterAll(() => rapport.stop());

interface Pair extends Fields {
  readonly recordId: string;
  readonly otherId: string;
  readonly status: string;
}

interface Queue {
  readonly data: readonly Pair[];
  readonly page: { readonly next: string; readonly hasMore: boolean };
}

const tenant = (name: string): Promise<Api> => operator.clientFor(['administrator'], name);
const queueOf = (api: Api, query = ''): Promise<Queue> => api.get<Queue & Fields>(`/v1/duplicates${query}`);
const pairsOf = async (api: Api, query = ''): Promise<readonly string[]> =>
  (await queueOf(api, query)).data.map(({ recordId, otherId }) => `${recordId} ${otherId}`);
const pairOf = (one: Fields, other: Fields): string => `${one.id} ${other.id}`;
const create = (api: Api, contact: object): Promise<Fields> => api.post('/v1/contacts', contact);
const ended = async (api: Api): Promise<Fields> => {
  const scan = (): Promise<Fields> => api.get<Fields>('/v1/duplicates/scan');
  await eventually(async () => (await scan())['state'] !== 'running');
  return scan();
};

const KATHERINE = { firstName: 'Katherine', lastName: 'Johnson', birthDate: '1918-08-26' };
const KATHY = { firstName: 'Kathy', lastName: 'Jonhson', birthDate: '1918-08-26' };
const OTHER = { firstName: 'Dorothy', lastName: 'Vaughan', birthDate: '1910-09-20' };

describe('the queue of duplicates', () => {
  let api: Api;
  let known: Fields;
  let again: Fields;
  beforeAll(async () => {
    api = await tenant('queue');
    known = await create(api, KATHERINE);
    await create(api, OTHER);
    again = await create(api, KATHY);
  });

  it('has who was created in it by itself, with names, a score and what speaks for it', async () => {
    const { data, page } = await queueOf(api);
    expect(page).toMatchObject({ next: '', hasMore: false });
    expect(data).toEqual([
      {
        ...{ kind: 'contact', recordId: known.id, recordName: 'Katherine Johnson' },
        ...{ otherId: again.id, otherName: 'Kathy Jonhson', score: 23, verdict: 'likely', status: 'open' },
        foundAt: expect.any(String),
        evidence: [
          { words: 'same birth date', weight: 12 },
          { words: expect.stringMatching(/^similar last name/), weight: 6.5 },
          { words: 'short form of the first name', weight: 4.5 },
        ],
      },
    ]);
  });

  it('lets go of who changes, and takes them back', async () => {
    await api.patch(`/v1/contacts/${again.id}`, { lastName: 'Goble', birthDate: '1950-01-02' });
    expect(await pairsOf(api)).toEqual([]);
    await api.patch(`/v1/contacts/${again.id}`, { lastName: 'Jonhson', birthDate: '1918-08-26' });
    expect(await pairsOf(api)).toEqual([pairOf(known, again)]);
  });

  it('lets go of who is archived, until that is undone', async () => {
    await api.delete(`/v1/contacts/${again.id}`);
    expect(await pairsOf(api)).toEqual([]);
    await api.post(`/v1/contacts/${again.id}:restore`);
    expect(await pairsOf(api)).toEqual([pairOf(known, again)]);
  });

  it('lets go of whose processing is restricted', async () => {
    await api.post(`/v1/contacts/${known.id}:restrict`, { reason: 'Disputed' });
    expect(await pairsOf(api)).toEqual([]);
    await api.post(`/v1/contacts/${known.id}:unrestrict`);
    expect(await pairsOf(api)).toEqual([pairOf(known, again)]);
  });

  it('says in the audit trail who was told of people on hold', async () => {
    await api.post(`/v1/contacts/${known.id}:hold`, { reason: 'Case 17' });
    expect(await pairsOf(api)).toEqual([pairOf(known, again)]);
    const filter = encodeURIComponent(`what = RecordsRead AND recordIds:"${known.id}"`);
    const entries = await api.get<List<Fields>>(`/v1/audit/contacts/entries?filter=${filter}`);
    expect(entries.data).toMatchObject([{ what: 'RecordsRead', method: 'listDuplicates', object: 'contact' }]);
    await api.post(`/v1/contacts/${known.id}:release`);
  });

  it('has what was dismissed in another place, until that is undone', async () => {
    const pair = { contactId: again.id, otherContactId: known.id };
    await api.post('/v1/duplicates:dismiss', pair);
    expect(await pairsOf(api)).toEqual([]);
    expect((await queueOf(api, '?status=dismissed')).data).toMatchObject([{ status: 'dismissed', score: 23 }]);
    await api.post('/v1/duplicates:reopen', pair);
    expect(await pairsOf(api)).toEqual([pairOf(known, again)]);
  });

  it('has what was merged in another place, until they are split', async () => {
    await api.post(`/v1/contacts/${known.id}:merge`, { otherId: again.id });
    expect(await pairsOf(api)).toEqual([]);
    const merged = () => queueOf(api, '?status=merged');
    await eventually(async () => (await merged()).data.length === 1);
    expect((await merged()).data).toMatchObject([{ recordName: 'Katherine Johnson', evidence: [] }]);
    expect((await merged()).data[0]).not.toHaveProperty('otherName');
    await api.post(`/v1/contacts/${known.id}:unmerge`, { otherId: again.id });
    await eventually(async () => (await pairsOf(api)).length === 1);
  });

  it.each([
    ['filter=nothing = 1', 'bad-filter'],
    ['sort=nothing', 'bad-sort'],
    ['cursor=nothing', 'bad-cursor'],
    ['status=gone', 'invalid-request'],
    ['limit=0', 'invalid-request'],
  ])('refuses %s', async (query, code) => {
    expect(await problemOf(queueOf(api, `?${query}`))).toMatchObject({ status: 400, code });
  });

  it('forgets who is erased', async () => {
    await api.post(`/v1/contacts/${again.id}:erase`);
    expect(await pairsOf(api)).toEqual([]);
  });
});

describe('pages of the queue', () => {
  let api: Api;
  beforeAll(async () => {
    api = await tenant('pages');
    for (let n = 0; n < 3; n += 1) {
      await create(api, { lastName: `Person${n}`, email: `person${n}@example.org` });
      await create(api, { lastName: `Person${n}`, email: `person${n}@example.org`, birthDate: `190${n}-02-03` });
    }
    await create(api, { lastName: 'Person2', birthDate: '1902-02-03' });
  });

  it('follow each other, the likeliest pairs first', async () => {
    const all = (await queueOf(api)).data;
    expect(all.length).toBeGreaterThan(3);
    expect(all.map(({ score }) => score as number)).toEqual(
      [...all.map(({ score }) => score as number)].sort((a, b) => b - a),
    );
    const seen: Pair[] = [];
    for (let cursor = ''; ;) {
      const { data, page } = await queueOf(api, `?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...data);
      if (!page.hasMore) break;
      cursor = page.next;
    }
    expect(seen).toEqual(all);
  });

  it('are filtered and sorted', async () => {
    const [best] = (await queueOf(api)).data;
    const filter = encodeURIComponent(`recordId = "${best!.recordId}"`);
    const { data } = await queueOf(api, `?filter=${filter}&sort=score`);
    expect(data.length).toBeGreaterThan(0);
    for (const { recordId } of data) expect(recordId).toBe(best!.recordId);
    expect((await queueOf(api, `?filter=${encodeURIComponent('score > 100')}`)).data).toEqual([]);
  });
});

describe('a scan', () => {
  let api: Api;
  beforeAll(async () => {
    api = await tenant('scans');
  });

  it('is none before the first, and cannot be ended then', async () => {
    expect(await api.get('/v1/duplicates/scan')).toMatchObject({ state: 'never', records: 0 });
    expect(await problemOf(api.post('/v1/duplicates/scan:cancel', {}))).toMatchObject({
      status: 409,
      code: 'no-scan-running',
    });
  });

  it('finds what no key of a single record leads to, and counts what it did', async () => {
    const address = { street: '12 Orchard Road', postalCode: '24986', city: 'Ludlow' };
    const one = await create(api, { firstName: 'Mary', lastName: 'Jackson', address });
    const other = await create(api, { firstName: 'Mary', lastName: 'Winston', address });
    await create(api, OTHER);
    expect(await pairsOf(api)).toEqual([]);
    const begun = await api.post<Fields>('/v1/duplicates:scan', {});
    expect(['running', 'finished']).toContain(begun['state']);
    const counts = { records: 3, compared: 3, pairs: 1, added: 1, removed: 0, full: false };
    expect(await ended(api)).toEqual({ state: 'finished', ...counts });
    expect(await pairsOf(api)).toEqual([pairOf(one, other)]);
    await api.post('/v1/duplicates:scan', {});
    expect(await ended(api)).toMatchObject({ state: 'finished', pairs: 1, added: 0, removed: 0 });
  });

  it('follows an import', async () => {
    const filled = await tenant('imported');
    const file = 'First name,Last name,Birth date\nKatherine,Johnson,1918-08-26\nKathy,Jonhson,1918-08-26\n';
    await Import.run(filled, 'contacts', file);
    await eventually(async () => (await pairsOf(filled)).length === 1);
    const [pair] = (await queueOf(filled)).data;
    expect([pair!['recordName'], pair!['otherName']].sort()).toEqual(['Katherine Johnson', 'Kathy Jonhson']);
  });
});

describe('accounts of one company', () => {
  let api: Api;
  let acme: Fields;
  let again: Fields;
  const account = (fields: object, query = ''): Promise<Fields> => api.post(`/v1/accounts${query}`, fields);
  const duplicatesOf = (id: string): Promise<Fields & { readonly data: readonly Fields[] }> =>
    api.get(`/v1/accounts/${id}/duplicates`);
  beforeAll(async () => {
    api = await tenant('companies');
    acme = await account({ name: 'ACME GmbH & Co. KG', website: 'https://www.acme.example/about', location: 'York' });
    await account({ name: 'Codehow Systems' });
    again = await account({ name: 'Acme, Inc.', website: 'acme.example' }, '?checkDuplicates=true');
  });

  it('are told with what was created or changed, which they never keep from being done', async () => {
    expect(again).toMatchObject({ name: 'Acme, Inc.', likelyDuplicates: { accountIds: [acme.id] } });
    expect(acme).not.toHaveProperty('likelyDuplicates');
    const changed = await api.patch<Fields>(`/v1/accounts/${acme.id}?checkDuplicates=true`, { sector: 'anvils' });
    expect(changed).toMatchObject({ sector: 'anvils', likelyDuplicates: { accountIds: [again.id] } });
    expect(await api.get(`/v1/accounts/${acme.id}`)).not.toHaveProperty('likelyDuplicates');
  });

  it('are told of one of them, with what speaks for it', async () => {
    expect((await duplicatesOf(acme.id)).data).toEqual([
      {
        ...{ accountId: again.id, score: 29, verdict: 'certain', status: 'open' },
        evidence: [
          { words: 'same website', weight: 16 },
          { words: 'same name', weight: 13 },
        ],
      },
    ]);
  });

  it('are in the queue of accounts, and not among contacts', async () => {
    expect(await pairsOf(api)).toEqual([]);
    expect((await queueOf(api, '?kind=account')).data).toMatchObject([
      { kind: 'account', recordName: 'ACME GmbH & Co. KG', otherName: 'Acme, Inc.', score: 29, verdict: 'certain' },
    ]);
  });

  it('are two companies once somebody says so, until that is undone', async () => {
    const pair = { accountId: again.id, otherAccountId: acme.id };
    expect(await api.post('/v1/duplicates:dismissAccounts', pair)).toEqual({
      ...{ accountId: acme.id, otherAccountId: again.id, status: 'dismissed' },
    });
    expect(await pairsOf(api, '?kind=account')).toEqual([]);
    expect((await duplicatesOf(again.id)).data).toMatchObject([{ accountId: acme.id, status: 'dismissed' }]);
    expect(await pairsOf(api, '?kind=account&status=dismissed')).toEqual([pairOf(acme, again)]);
    await api.post('/v1/duplicates:reopenAccounts', pair);
    expect(await pairsOf(api, '?kind=account')).toEqual([pairOf(acme, again)]);
  });

  it('leave the queue when they are merged, and come back when they are split', async () => {
    await api.post(`/v1/accounts/${acme.id}:merge`, { otherId: again.id });
    await eventually(async () => (await pairsOf(api, '?kind=account&status=merged')).length === 1);
    expect(await pairsOf(api, '?kind=account')).toEqual([]);
    await api.post(`/v1/accounts/${acme.id}:unmerge`, { otherId: again.id });
    await eventually(async () => (await pairsOf(api, '?kind=account')).length === 1);
  });

  it('are found with a slip in the name, and after an import', async () => {
    const names = async (): Promise<unknown> =>
      (await queueOf(api, '?kind=account')).data.flatMap(({ recordName, otherName }) => [recordName, otherName]);
    await account({ name: 'Gekko Trading' });
    await account({ name: 'Gekko Tradings Ltd' });
    expect(await names()).toEqual(expect.arrayContaining(['Gekko Trading', 'Gekko Tradings Ltd']));
    await Import.run(api, 'accounts', 'Name,Location\nBetasoloin,York\nBetasoloin AG,York\n');
    await eventually(async () => ((await names()) as string[]).includes('Betasoloin AG'));
  });

  it.each([
    [{ otherAccountId: '00000000-0000-7000-8000-000000000001' }, 404, 'account-not-found'],
    [{ otherAccountId: 'nobody' }, 400, 'invalid-request'],
    [{}, 400, 'invalid-request'],
  ])('are not dismissed as %j', async (other, status, code) => {
    const refused = problemOf(api.post('/v1/duplicates:dismissAccounts', { accountId: acme.id, ...other }));
    expect(await refused).toMatchObject({ status, code });
  });

  it('are two, and have to be there', async () => {
    const itself = { accountId: acme.id, otherAccountId: acme.id };
    expect(await problemOf(api.post('/v1/duplicates:dismissAccounts', itself))).toMatchObject({ code: 'one-account' });
    const missing = problemOf(duplicatesOf('00000000-0000-7000-8000-000000000001'));
    expect(await missing).toMatchObject({ status: 404, code: 'account-not-found' });
    expect(await problemOf(queueOf(api, '?kind=lead'))).toMatchObject({ status: 400, code: 'invalid-request' });
  });
});

describe('who sees a part', () => {
  it('is told of pairs of which both are in sight, and of no scan', async () => {
    const api = await tenant('parts');
    const role = async (grant: object, fields: readonly object[] = []): Promise<Api> => {
      const grants = [{ object: 'contact', action: '*', scope: 'all', ...grant }];
      const { id: roleId } = await api.post<Fields>('/v1/roles', {
        name: JSON.stringify([grant, fields]),
        grants,
        fields,
      });
      const user = { name: 'Reader', kind: 'service', roleIds: [roleId] };
      const { id: userId } = await api.post<Fields>('/v1/users', user);
      const { secret } = await api.post<Fields>('/v1/api-keys', { name: 'Key', userId });
      return new Api(api.address, secret as string, api);
    };
    await create(api, KATHERINE);
    await create(api, KATHY);
    expect(await pairsOf(api)).toHaveLength(1);
    const own = await role({ scope: 'own' });
    expect(await pairsOf(own)).toEqual([]);
    expect(await problemOf(own.post('/v1/duplicates:scan', {}))).toMatchObject({ status: 403, code: 'sees-a-part' });
    expect(await problemOf(own.get('/v1/duplicates/scan'))).toMatchObject({ status: 403, code: 'sees-a-part' });
    const blind = await role({}, [{ object: 'contact', field: 'birthDate', access: 'hidden' }]);
    expect(await problemOf(queueOf(blind))).toMatchObject({ status: 403, code: 'hidden-field' });
  });
});
