import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Api,
  type Asked,
  eventually,
  type Fields,
  grant,
  Import,
  type ImportedRow,
  type List,
  problemOf,
  Rapport,
  somebody as somebodyOf,
} from './support/index.js';

let rapport: Rapport;
let west: string;

const make = async (list: string, fields: object): Promise<string> =>
  (await rapport.api.post(`/v1/${list}`, fields)).id;
const somebody = (role: Asked['role'], user: Asked['user'] = {}) => somebodyOf(rapport.api, { role, user });
const own = (object: string) => grant(object, '*', 'own');
const seller = () => somebody({ grants: [own('account'), own('contact'), own('import')] });
const file = (...rows: readonly string[]): string => ['key,name,sector', ...rows, ''].join('\n');
const KEYED = { columns: { key: 'externalId', name: 'name', sector: 'sector' } };
const outcomes = (rows: readonly ImportedRow[]) =>
  rows.map(({ outcome, problems = [] }) => [outcome, ...problems.map(({ code }) => code)].join(' '));
const accounts = async (api: Api, filter: string): Promise<readonly Fields[]> =>
  (await api.get<List<Fields>>(`/v1/accounts?filter=${encodeURIComponent(filter)}&limit=50`)).data;

beforeAll(async () => {
  rapport = await Rapport.start();
  west = await make('teams', { name: 'West' });
  await make('pipelines', { name: 'Sales', currency: 'USD', stages: [{ name: 'New', probability: 20 }] });
});
afterAll(() => rapport.stop());

describe('an import of somebody who sees a part', () => {
  it('meets what that one sees alone, does what that one may do, and says so row by row', async () => {
    const grants = [own('account'), own('import'), grant('account', 'read', 'team')];
    const { api, id } = await somebody({ grants }, { teamIds: [west] });
    const unseen = await make('accounts', { name: 'Unseen', externalId: 'K-1', sector: 'retail' });
    await make('accounts', { name: 'Mine', externalId: 'K-2', ownerId: id });
    const seen = await make('accounts', { name: 'Seen', externalId: 'K-3', teamId: west });
    // Its id is the one that the row of anybody with this key would get.
    await Import.run(rapport.api, 'accounts', file('K-5,Imported,retail'), KEYED);
    const rows = file(
      'K-1,First,medical',
      'K-2,Mine,medical',
      'K-3,Seen,medical',
      'K-4,New,medical',
      'K-5,Own,medical',
    );
    const imported = await Import.of(api, 'accounts', rows, KEYED);
    const expected = ['created', 'updated', 'failed not-permitted', 'created', 'created'];
    await imported.validate();
    expect(outcomes(await imported.rows())).toEqual(expected);
    await imported.run();
    expect(outcomes(await imported.rows())).toEqual(expected);
    expect(await rapport.api.get(`/v1/accounts/${unseen}`)).toMatchObject({ name: 'Unseen', sector: 'retail' });
    expect(await rapport.api.get(`/v1/accounts/${seen}`)).not.toHaveProperty('sector');
    const names = (await accounts(api, 'sector = "medical"')).map(({ name, ownerId }) => [name, ownerId]).sort();
    expect(names).toEqual(['First', 'Mine', 'New', 'Own'].map((name) => [name, id]));
    const again = await Import.run(api, 'accounts', rows, KEYED);
    expect(outcomes(await again.rows())).toEqual([
      'unchanged',
      'unchanged',
      'failed not-permitted',
      'unchanged',
      'unchanged',
    ]);
    expect(await again.errors()).toContain('Ask its owner or an administrator.');
  });

  it('takes no column for a field that is hidden, or only to be read', async () => {
    const fields = ['phone', 'website'].map((field, n) => ({
      ...{ object: 'account', field },
      access: ['hidden', 'read'][n],
    }));
    const { api } = await somebody({ grants: [grant('account', '*', 'all'), own('import')], fields });
    const imported = await Import.of(
      api,
      'accounts',
      'name,phone,website\nPlain,+1 212 555 0100,https://plain.example\n',
    );
    const view = await imported.view();
    expect(view.columns!.map(({ field }) => field)).toEqual(['name', undefined, undefined]);
    for (const column of ['phone', 'website']) {
      const asked = imported.configure({ columns: { name: 'name', [column]: column } });
      expect(await problemOf(asked)).toMatchObject({ status: 400, errors: [{ code: 'read-only-field' }] });
    }
    expect((await imported.run()).counts).toMatchObject({ created: 1 });
  });

  it('asks for the right to create what rows name, and gives it to whoever imports', async () => {
    const { api, id } = await seller();
    await make('accounts', { name: 'Hidden Ltd' });
    const contacts = 'last name,company\nAlpha,Hidden Ltd\nBeta,Made Ltd\n';
    const settings = { createMissing: ['account'] };
    const imported = await Import.run(api, 'contacts', contacts, settings);
    expect(outcomes(await imported.rows())).toEqual(['created', 'created']);
    const made = await accounts(api, 'name : "Ltd"');
    expect(made.map(({ name, ownerId }) => [name, ownerId]).sort()).toEqual([
      ['Hidden Ltd', id],
      ['Made Ltd', id],
    ]);
    const reader = await somebody({ grants: [own('contact'), own('import'), grant('account', 'read', 'own')] });
    const refused = await Import.of(reader.api, 'contacts', contacts, settings);
    await refused.validate();
    expect(outcomes(await refused.rows())).toEqual(['failed not-permitted', 'failed not-permitted']);
    await refused.run();
    expect(outcomes(await refused.rows())).toEqual(['failed not-permitted', 'failed not-permitted']);
  });

  it('asks for that in another context, too', async () => {
    const sells = [own('opportunity'), own('import'), grant('pipeline', 'read', 'all')];
    const deals = 'Opportunity ID,Opportunity,Account\nP-1,Racks,Elsewhere Ltd\n';
    await make('accounts', { name: 'Elsewhere Ltd' });
    const { api, id } = await somebody({ grants: [...sells, own('account')] });
    const imported = await Import.run(api, 'opportunities', deals, { createMissing: ['account'] });
    expect(outcomes(await imported.rows())).toEqual(['created']);
    const [deal] = (await api.get<List<Fields>>('/v1/opportunities')).data;
    expect(deal).toMatchObject({ ownerId: id, name: 'Racks' });
    const [account] = await accounts(api, 'name = "Elsewhere Ltd"');
    expect(deal!['accountId']).toBe(account!.id);
    const another = await somebody({ grants: sells });
    const refused = await Import.run(another.api, 'opportunities', deals, { createMissing: ['account'] });
    expect(outcomes(await refused.rows())).toEqual(['failed not-permitted']);
  });
});

describe('an import', () => {
  it('is of whoever made it, and of those who see all', async () => {
    const [maker, other] = [await seller(), await seller()];
    const imported = await Import.run(maker.api, 'accounts', file('M-1,Maker,retail', 'M-2,,retail'), KEYED);
    const paths = ['', '/rows', '/errors.csv'].map((rest) => imported.path + rest);
    expect((await imported.listed()).data.map(({ id }) => id)).toEqual([imported.id]);
    expect((await other.api.get<List<Fields>>('/v1/imports/accounts')).data).toEqual([]);
    for (const path of paths) expect((await other.api.fetch('GET', path)).status).toBe(404);
    for (const verb of ['run', 'revert', 'cancel'])
      expect((await other.api.fetch('POST', `${imported.path}:${verb}`)).status).toBe(404);
    expect((await other.api.fetch('PUT', `${imported.path}/file`, { body: 'name\nX\n' })).status).toBe(404);
    expect((await other.api.fetch('DELETE', `${imported.path}/file`)).status).toBe(404);
    for (const path of paths) expect((await rapport.api.fetch('GET', path)).status).toBe(200);
    const { data } = await rapport.api.get<List<Fields>>('/v1/imports/accounts?limit=100');
    expect(data.map(({ id }) => id)).toContain(imported.id);
    const reader = await somebody({ grants: [grant('account', 'read', 'all'), grant('import', 'read', 'own')] });
    expect((await reader.api.fetch('GET', imported.path)).status).toBe(404);
    expect(await problemOf(reader.api.post('/v1/imports/accounts', { fileName: 'a.csv' }))).toMatchObject({
      status: 403,
    });
  });

  it('is taken back by the rights of now', async () => {
    const { api, id } = await seller();
    const imported = await Import.run(api, 'accounts', file('R-1,Kept,retail', 'R-2,Gone,retail'), KEYED);
    const [kept] = await accounts(api, 'externalId = "R-1"');
    await rapport.api.patch(`/v1/accounts/${kept!.id}`, { ownerId: null, teamId: west });
    await eventually(async () => (await accounts(api, 'externalId = "R-1"')).length === 0);
    await imported.revert();
    expect(outcomes(await imported.rows())).toEqual(['kept not-permitted', 'restored']);
    const { data } = await rapport.api.get<List<Fields>>(
      `/v1/accounts?archived=true&filter=${encodeURIComponent(`ownerId = "${id}"`)}`,
    );
    expect(data.map(({ name }) => name)).toEqual(['Gone']);
  });

  it('is not taken back by whoever may create and not delete', async () => {
    const can = ['read', 'create', 'edit', 'import'].map((action) => grant('account', action, 'own'));
    const { api } = await somebody({ grants: [...can, own('import')] });
    const imported = await Import.run(api, 'accounts', file('D-1,Stays,retail'), KEYED);
    await imported.revert();
    expect(outcomes(await imported.rows())).toEqual(['kept not-permitted']);
    expect(await accounts(api, 'externalId = "D-1"')).toHaveLength(1);
  });
});
