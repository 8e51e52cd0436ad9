import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Api,
  type Asked,
  type Fields,
  grant,
  Import,
  type List,
  problemOf,
  Rapport,
  somebody as somebodyOf,
} from './support/index.js';

let rapport: Rapport;
let teams: Record<'west' | 'coast' | 'east', string>;

const make = async (list: string, fields: object): Promise<string> =>
  (await rapport.api.post(`/v1/${list}`, fields)).id;
const somebody = (role: Asked['role'], user: Asked['user'] = {}) => somebodyOf(rapport.api, { role, user });

const namesIn = async (api: Api, path: string): Promise<readonly string[]> => {
  const { data, page } = await api.get<List<Fields>>(`${path}${path.includes('?') ? '&' : '?'}total=true&limit=200`);
  expect(page).toMatchObject({ total: data.length });
  return data.map(({ name }) => name as string).sort();
};

beforeAll(async () => {
  rapport = await Rapport.start();
  const west = await make('teams', { name: 'West' });
  teams = {
    west,
    coast: await make('teams', { name: 'Coast', parentId: west }),
    east: await make('teams', { name: 'East' }),
  };
});
afterAll(() => rapport.stop());

describe('somebody who sees the records of the own teams', () => {
  const all = grant('*', 'read', 'team-and-below');
  let seller: Awaited<ReturnType<typeof somebody>>;
  let accounts: Record<'mine' | 'west' | 'coast' | 'east' | 'nobodys', string>;

  beforeAll(async () => {
    const grants = [
      all,
      grant('pipeline', 'read', 'all'),
      grant('account', 'create', 'own'),
      grant('account', 'edit', 'own'),
      grant('event', 'read', 'all'),
    ];
    seller = await somebody({ grants }, { teamIds: [teams.west] });
    const account = (name: string, fields: object) => make('accounts', { name, ...fields });
    accounts = {
      mine: await account('Mine', { ownerId: seller.id }),
      west: await account('West', { teamId: teams.west }),
      coast: await account('Coast', { teamId: teams.coast }),
      east: await account('East', { teamId: teams.east }),
      nobodys: await account("Nobody's", {}),
    };
  });

  it('finds these and no others, in lists, totals and one by one', async () => {
    expect(await namesIn(seller.api, '/v1/accounts')).toEqual(['Coast', 'Mine', 'West']);
    expect(await namesIn(seller.api, '/v1/accounts?filter=name:"st"')).toEqual(['Coast', 'West']);
    for (const id of [accounts.east, accounts.nobodys]) {
      for (const rest of ['', '/history', '?asOf=2030-01-01'])
        expect(await problemOf(seller.api.get(`/v1/accounts/${id}${rest}`))).toMatchObject({
          code: 'account-not-found',
        });
      const edit = seller.api.patch(`/v1/accounts/${id}`, { sector: 'retail' });
      expect(await problemOf(edit)).toMatchObject({ code: 'account-not-found' });
    }
  });

  it('changes what is within reach of that, creates what is their own, and gives nothing away', async () => {
    await seller.api.patch(`/v1/accounts/${accounts.mine}`, { sector: 'retail' });
    const others = [
      seller.api.patch(`/v1/accounts/${accounts.west}`, { sector: 'retail' }),
      seller.api.delete(`/v1/accounts/${accounts.mine}`),
      seller.api.patch(`/v1/accounts/${accounts.mine}`, { ownerId: null }),
      seller.api.patch(`/v1/accounts/${accounts.mine}`, { teamId: teams.east }),
      seller.api.post('/v1/accounts', { name: 'For the east', teamId: teams.east }),
    ];
    for (const other of others) expect(await problemOf(other)).toMatchObject({ status: 403, code: 'not-permitted' });
    const made = await seller.api.post('/v1/accounts', { name: 'Made' });
    expect(made).toMatchObject({ ownerId: seller.id });
    await rapport.api.delete(`/v1/accounts/${made.id}`);
  });

  it('sees what comes into reach, and no longer what has left it', async () => {
    await rapport.api.patch(`/v1/accounts/${accounts.east}`, { teamId: teams.coast });
    await rapport.api.patch(`/v1/accounts/${accounts.coast}`, { teamId: null });
    // Lists show a write to others a moment later; to the writer at once.
    for (const id of [accounts.east, accounts.coast]) await rapport.api.get(`/v1/accounts/${id}`);
    const seen = async (id: string) => (await seller.api.fetch('GET', `/v1/accounts/${id}`)).status;
    expect([await seen(accounts.east), await seen(accounts.coast)]).toEqual([200, 404]);
    expect((await seller.api.fetch('GET', `/v1/accounts/${accounts.coast}?asOf=2030-01-01`)).status).toBe(404);
    await rapport.api.patch(`/v1/accounts/${accounts.east}`, { teamId: teams.east });
    await rapport.api.patch(`/v1/accounts/${accounts.coast}`, { teamId: teams.coast });
  });

  it('is told of no imports of others, and makes none of what their roles let nobody import', async () => {
    await Import.run(rapport.api, 'accounts', 'name\nOf another\n');
    expect((await seller.api.get<List<Fields>>('/v1/imports/accounts')).data).toEqual([]);
    expect(await problemOf(seller.api.post('/v1/imports/accounts', { fileName: 'a.csv' }))).toMatchObject({
      status: 403,
    });
  });
});

describe('somebody whose roles reach all of a kind', () => {
  it('imports that, nothing else, and sees what became of the rows', async () => {
    const { api } = await somebody({ grants: [grant('account', '*', 'all')] });
    const { id } = await Import.run(api, 'accounts', 'name\nImported\n');
    const { data } = await api.get<List<Fields>>('/v1/imports/accounts');
    expect(data.map((each) => each.id)).toEqual([id]);
    expect((await api.get<List<Fields>>(`/v1/imports/accounts/${id}/rows`)).data).toHaveLength(1);
    expect(await problemOf(api.post('/v1/imports/contacts', { fileName: 'a.csv' }))).toMatchObject({ status: 403 });
  });
});

describe('a restricted sum', () => {
  it('is one of what is in sight', async () => {
    const seller = await somebody(
      { grants: [grant('opportunity', '*', 'team'), grant('pipeline', 'read', 'all')] },
      { teamIds: [teams.east] },
    );
    await make('pipelines', { name: 'Sales', currency: 'USD', stages: [{ name: 'Talks', probability: 50 }] });
    const deal = (name: string, minor: number, fields: object) =>
      make('opportunities', { name, amount: { minor, currency: 'USD' }, ...fields });
    const [seen] = [
      await deal('Seen', 700, { teamId: teams.east }),
      await deal('Unseen', 9_000, { teamId: teams.west }),
    ];
    await rapport.api.post(`/v1/opportunities/${seen}:win`);
    await rapport.api.get(`/v1/opportunities/${seen}`);
    expect(await seller.api.get('/v1/reports/outcomes')).toMatchObject({ opportunities: 1, won: 1 });
    expect(await namesIn(seller.api, '/v1/opportunities')).toEqual(['Seen']);
  });

  it('is, as of any day, what it would be if there were nothing else', async () => {
    const stages = [{ name: 'Talks', probability: 50 }];
    const [pipelineId, other] = [
      await make('pipelines', { name: 'Of one team', currency: 'USD', stages }),
      await make('pipelines', { name: 'Another', currency: 'USD', stages }),
    ];
    const { api } = await somebody(
      { grants: [grant('opportunity', 'read', 'team'), grant('pipeline', 'read', 'all')] },
      { teamIds: [teams.coast] },
    );
    const deal = async (minor: number, team: keyof typeof teams, won?: string) => {
      const amount = { minor, currency: 'USD' };
      const id = await make('opportunities', { name: 'Deal', pipelineId, amount, teamId: teams[team] });
      if (won !== undefined) await rapport.api.post(`/v1/opportunities/${id}:win`, { closedOn: won });
      return id;
    };
    const today = new Date().toISOString().slice(0, 10);
    const moved = await deal(300, 'coast');
    await deal(500, 'coast', today);
    await rapport.api.post(`/v1/opportunities/${moved}:move`, { pipelineId: other, stage: 'Talks' });
    await rapport.api.post(`/v1/opportunities/${await deal(50, 'coast')}:archive`);
    const paths = [pipelineId, other].flatMap((id) =>
      ['', '?asOf=2020-01-01', `?asOf=${today}`].map((day) => `/v1/pipelines/${id}/board${day}`),
    );
    paths.push(
      ...['quarter,pipeline', 'account', 'owner,region'].flatMap((by) =>
        ['', '&asOf=2020-01-01'].map((day) => `/v1/reports/won?pipelineId=${pipelineId}&groupBy=${by}${day}`),
      ),
    );
    const told = (client: Api) => Promise.all(paths.map((path) => client.get(path)));
    const alone = await told(rapport.api);
    await deal(7_000, 'west', today);
    await deal(11_000, 'east');
    await rapport.api.get(`/v1/opportunities?limit=1`);
    expect(await told(api)).toEqual(alone);
    expect(await told(rapport.api)).not.toEqual(alone);
  });

  it('of a hidden field is refused, and no other', async () => {
    const hidden = { object: 'opportunity', field: 'amount', access: 'hidden' };
    const { api } = await somebody({ grants: [grant('*', 'read', 'all')], fields: [hidden] });
    for (const by of ['owner', 'quarter'])
      expect(await problemOf(api.get(`/v1/reports/won?groupBy=${by}`))).toMatchObject({
        status: 403,
        code: 'hidden-field',
      });
    const tags = { object: 'opportunity', field: 'tags', access: 'hidden' };
    const { api: another } = await somebody({ grants: [grant('*', 'read', 'all')], fields: [tags] });
    const groups = '/v1/reports/won?groupBy=owner';
    expect(await another.get(groups)).toEqual(await rapport.api.get(groups));
  });
});

describe('a field', () => {
  const onAccount = (field: string, access: string) => ({ object: 'account', field, access });

  it('that is hidden is neither shown, nor asked by, nor changed; one to be read is not changed', async () => {
    const id = await make('accounts', {
      name: 'Acme',
      phone: '+1 212 555 0100',
      revenue: { minor: 5, currency: 'USD' },
    });
    await rapport.api.patch(`/v1/accounts/${id}`, { revenue: { minor: 6, currency: 'USD' } });
    const { api } = await somebody({
      grants: [grant('account', '*', 'all')],
      fields: [onAccount('revenue', 'hidden'), onAccount('phone', 'read')],
    });
    const shown = await api.get(`/v1/accounts/${id}`);
    expect([shown['phone'], shown['revenue']]).toEqual(['+1 212 555 0100', undefined]);
    const history = JSON.stringify(await api.get(`/v1/accounts/${id}/history`));
    expect(history).not.toContain('revenue');
    for (const asked of ['filter=revenue.minor>1', 'sort=revenue.minor'])
      expect(await problemOf(api.get(`/v1/accounts?${asked}`))).toMatchObject({ status: 403, code: 'hidden-field' });
    const change = (fields: object) => problemOf(api.patch(`/v1/accounts/${id}`, fields));
    expect(await change({ revenue: null })).toMatchObject({ status: 403, code: 'hidden-field' });
    expect(await change({ phone: '+1 212 555 0199' })).toMatchObject({ status: 403, code: 'read-only-field' });
    expect(await api.patch(`/v1/accounts/${id}`, { sector: 'retail' })).toMatchObject({ sector: 'retail' });
  });

  it('is shown again as soon as the role says so', async () => {
    const id = await make('accounts', { name: 'Later', website: 'https://later.example' });
    const fields = [onAccount('website', 'hidden')];
    const { api, roleId } = await somebody({ grants: [grant('account', 'read', 'all')], fields });
    expect(await api.get(`/v1/accounts/${id}`)).not.toHaveProperty('website');
    await rapport.api.patch(`/v1/roles/${roleId}`, { fields: [] });
    expect(await api.get(`/v1/accounts/${id}`)).toHaveProperty('website');
  });
});

describe('a privacy officer', () => {
  it('has somebody forgotten, whatever else is not theirs to change', async () => {
    const { data } = await rapport.api.get<List<Fields>>('/v1/roles?filter=builtIn="privacy-officer"');
    const { api } = await somebody({ grants: [] }, { roleIds: [data[0]!.id] });
    const id = await make('contacts', { lastName: 'Gone' });
    expect(await problemOf(api.patch(`/v1/contacts/${id}`, { lastName: 'X' }))).toMatchObject({ status: 403 });
    expect(await api.post(`/v1/contacts/${id}:erase`)).toMatchObject({ contactId: id });
  });
});

describe('whatever roles say', () => {
  const scopes = ['none', 'own', 'team', 'team-and-below', 'all'] as const;
  const role = fc.record({ scope: fc.constantFrom(...scopes), object: fc.constantFrom('*', 'contact', 'account') });
  const drawn = fc.record({
    roles: fc.array(role, { minLength: 1, maxLength: 2 }),
    teams: fc.subarray(['west', 'coast', 'east'] as const),
  });

  it('every way to a contact shows the same ones', async () => {
    const places = ['west', 'coast', 'east', undefined] as const;
    await fc.assert(
      fc.asyncProperty(drawn, async ({ roles, teams: own }) => {
        const each = roles.map(({ object, scope }) => ({ grants: [grant(object, 'read', scope)] }));
        const others = await Promise.all(each.slice(1).map((fields) => make('roles', { name: 'Another', ...fields })));
        const user = { teamIds: own.map((name) => teams[name]), roleIds: others };
        const { api, id: me } = await somebody(each[0]!, user);
        const tag = `of-${me}`;
        const contacts = await Promise.all(
          [true, false].flatMap((isMine) =>
            places.map(async (place) => {
              const belonging = { ...(isMine && { ownerId: me }), ...(place && { teamId: teams[place] }) };
              const id = await make('contacts', { lastName: 'Drawn', tags: [tag], ...belonging });
              return { id, isMine, place };
            }),
          ),
        );
        const reach = Math.max(...roles.map((each) => (each.object === 'account' ? 0 : scopes.indexOf(each.scope))));
        const inSight = contacts
          .filter(({ isMine, place }) => {
            const isOwn = place !== undefined && own.includes(place);
            const isBelow = isOwn || (place === 'coast' && own.includes('west'));
            return reach === 4 || (reach > 0 && isMine) || (reach > 1 && isOwn) || (reach > 2 && isBelow);
          })
          .map(({ id }) => id)
          .sort();
        await expectSeen(
          api,
          tag,
          contacts.map(({ id }) => id),
          inSight,
        );
      }),
      { numRuns: 12 },
    );
  });
});

const expectSeen = async (api: Api, tag: string, all: readonly string[], seen: readonly string[]): Promise<void> => {
  // What one client wrote is not yet in the lists of another.
  await Promise.all(all.map((id) => rapport.api.get(`/v1/contacts/${id}`)));
  const list = await api.fetch('GET', `/v1/contacts?filter=tags:"${tag}"&total=true`);
  if (list.status === 403) return expect(seen).toEqual([]);
  const { data, page } = (await list.json()) as List<Fields>;
  expect(data.map(({ id }) => id).sort()).toEqual(seen);
  expect(page).toMatchObject({ total: seen.length });
  const answered = async (rest: string): Promise<readonly string[]> => {
    const found = await Promise.all(
      all.map(async (id) => ((await api.fetch('GET', `/v1/contacts/${id}${rest}`)).status === 200 ? [id] : [])),
    );
    return found.flat().sort();
  };
  for (const rest of ['', '/history', '?asOf=2030-01-01', '?asOf=2030-01-01&asOfBy=recorded'])
    expect({ rest, seen: await answered(rest) }).toEqual({ rest, seen });
};
