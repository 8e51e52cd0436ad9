import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Api,
  eventually,
  type Fields,
  grant,
  Import,
  type List,
  problemOf,
  Rapport,
  somebody,
} from './support/index.js';

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(() => rapport.stop());

const define = (object: string, key: string, kind: string, more: object = {}, by = api): Promise<Fields> =>
  by.post('/v1/fields', { object, key, kind, label: key, ...more });
const create = (custom: object, more: object = {}): Promise<Fields> =>
  api.post('/v1/accounts', { name: 'Acme', custom, ...more });
const named = async (query: string, by = api): Promise<readonly unknown[]> => {
  const { data } = await by.get<List<Fields>>(`/v1/accounts?${query}`);
  return data.map(({ name }) => name);
};

describe('a field of accounts', () => {
  const choices = [
    { value: 'gold', label: 'Gold' },
    { value: 'tin', label: 'Tin' },
  ];
  let tier: Fields;
  beforeAll(async () => {
    tier = await define('account', 'tier', 'choice', { choices, helpText: 'How much they buy', order: 2 });
    await define('account', 'priority', 'number', { label: 'Priority', order: 1 });
    await define('account', 'budget', 'money');
    await define('account', 'renewal', 'date');
    await define('account', 'seen', 'time');
    await define('account', 'interests', 'multi-choice', { choices });
    await define('account', 'site', 'link');
    await define('account', 'known', 'boolean');
    await define('account', 'note', 'text');
    await define('account', 'partner', 'reference', { refersTo: 'account' });
  });

  it('is listed with the others in their order, and defined once', async () => {
    const { data } = await api.get<List<Fields>>('/v1/fields?filter=object=account&limit=2');
    expect(data.map(({ key }) => key)).toEqual(['priority', 'tier']);
    expect(tier).toMatchObject({ choices, helpText: 'How much they buy', info: { revision: 0 } });
    const again = { object: 'account', key: 'tier', kind: 'text', label: 'Tier' };
    expect(await problemOf(api.post('/v1/fields', again))).toMatchObject({ status: 409, code: 'field-exists' });
  });

  it('has a value of its kind, which is created, changed by itself, and emptied', async () => {
    const partner = await create({});
    const custom = {
      ...{ tier: 'gold', priority: 3.5, budget: { minor: 12_500, currency: 'EUR' }, renewal: '2027-03-01' },
      ...{
        interests: ['tin', 'gold'],
        site: 'https://acme.example/',
        known: false,
        note: 'Höflich',
        partner: partner.id,
      },
    };
    const account = await create({ ...custom, seen: '2026-03-01T10:00:00+01:00' });
    const stored = { ...custom, seen: '2026-03-01T09:00:00.000Z' };
    expect(account['custom']).toEqual(stored);
    const path = `/v1/accounts/${account.id}`;
    expect((await api.get(path))['custom']).toEqual(stored);
    const changed = await api.patch(path, { custom: { priority: 4, note: null } });
    const { note: _, ...rest } = stored;
    expect(changed['custom']).toEqual({ ...rest, priority: 4 });
  });

  it.each([
    ['tier', 'lead', 'one of "gold", "tin"'],
    ['priority', '3', 'a number'],
    ['budget', { minor: 1.5, currency: 'EUR' }, 'an amount'],
    ['budget', { minor: 1, currency: 'XXZ' }, 'an amount'],
    ['renewal', '2027-02-30', 'a date'],
    ['seen', 'yesterday', 'a time'],
    ['interests', ['gold', 'gold'], 'each once'],
    ['interests', 'gold', 'a list'],
    ['site', 'javascript:alert(1)', 'an address of the web'],
    ['known', 'yes', 'true or false'],
    ['note', 'x'.repeat(5_001), 'a text of 1 to 5000'],
    ['partner', 'Acme', 'the id of a record'],
  ])('refuses %s %j, and says what it has to be', async (key, value, expected) => {
    const { id } = await create({});
    for (const call of [create({ [key]: value }), api.patch(`/v1/accounts/${id}`, { custom: { [key]: value } })]) {
      const problem = await problemOf(call);
      expect(problem).toMatchObject({
        status: 400,
        errors: [{ pointer: `/custom/${key}`, code: 'invalid-value', message: expect.stringContaining(expected) }],
      });
    }
  });

  it('refuses what nobody defined, naming each field, and a reference to nothing', async () => {
    const problem = await problemOf(create({ prio: 1, tier: 'lead' }));
    expect(problem.errors).toMatchObject([
      { pointer: '/custom/prio', code: 'unknown-field' },
      { pointer: '/custom/tier', code: 'invalid-value' },
    ]);
    const missing = await problemOf(create({ partner: '01940000-0000-7000-8000-00000000dead' }));
    expect(missing).toMatchObject({ code: 'account-not-found', errors: [{ pointer: '/custom/partner' }] });
    const { id } = await create({});
    expect(await problemOf(api.patch(`/v1/accounts/${id}`, { custom: null }))).toMatchObject({
      code: 'custom-unnamed',
    });
  });

  it('is filtered, sorted and counted by', async () => {
    await create({ priority: 70, tier: 'gold', interests: ['gold'] }, { name: 'Seventy' });
    await create({ priority: 60, budget: { minor: 900, currency: 'CHF' }, renewal: '2031-01-01' }, { name: 'Sixty' });
    await create({ priority: 80, note: 'Straße' }, { name: 'Eighty' });
    const asked = async (filter: string, more = '') =>
      named(`filter=${encodeURIComponent(`custom.priority >= 50 AND ${filter}`)}&sort=-custom.priority${more}`);
    expect(await asked('custom.priority:*')).toEqual(['Eighty', 'Seventy', 'Sixty']);
    expect(await asked('custom.tier = gold')).toEqual(['Seventy']);
    expect(await asked('NOT custom.tier = gold')).toEqual(['Eighty', 'Sixty']);
    expect(await asked('custom.interests:gold')).toEqual(['Seventy']);
    expect(await asked('custom.budget.minor < 1000')).toEqual(['Sixty']);
    expect(await asked('custom.renewal > 2030-01-01')).toEqual(['Sixty']);
    expect(await asked('custom.note:strasse')).toEqual(['Eighty']);
    const { page } = await api.get<List<Fields>>('/v1/accounts?filter=custom.priority>=50&total=true&limit=1');
    expect(page).toMatchObject({ total: 3, hasMore: true });
    const next = await named(`filter=custom.priority>=50&sort=custom.priority&limit=2`);
    expect(next).toEqual(['Sixty', 'Seventy']);
    expect(await problemOf(named('filter=custom.prio=1'))).toMatchObject({ status: 400, code: 'bad-filter' });
    expect(await problemOf(named('filter=custom.priority=high'))).toMatchObject({ status: 400, code: 'bad-filter' });
    expect(await problemOf(named('sort=custom.interests'))).toMatchObject({ status: 400, code: 'bad-sort' });
  });

  it('is told of in the history, as of then, and undone by itself', async () => {
    const account = await create({ priority: 1, tier: 'gold' });
    const path = `/v1/accounts/${account.id}`;
    await api.patch(path, { custom: { priority: 2 } });
    await api.patch(path, { custom: { tier: 'tin' } });
    const { data } = await api.get<List<Fields>>(`${path}/history`);
    expect(data[1]).toMatchObject({ changes: [{ field: 'custom.priority', from: 1, to: 2 }] });
    const undone = await api.post<Fields>(`${path}:undo`, { eventId: data[1]!['eventId'], laterChanges: 'refuse' });
    expect(undone['custom']).toEqual({ priority: 1, tier: 'tin' });
    // Where an engine keeps the time, it was recorded a moment after it happened.
    const then = await api.get<Fields>(`${path}?asOf=${encodeURIComponent(String(data[2]!['occurredAt']))}`);
    expect(then['name']).toBe('Acme');
  });

  it('is in batches', async () => {
    const { data } = await api.post<List<Fields>>('/v1/accounts:batch', {
      rows: [
        { create: { name: 'Row', custom: { priority: 9 } } },
        { create: { name: 'Row', custom: { priority: 'x' } } },
      ],
    });
    expect(data).toMatchObject([
      { status: 201 },
      { status: 400, problem: { errors: [{ pointer: '/custom/priority' }] } },
    ]);
  });

  it('keeps a choice that was retired where it is, and gives it to nobody', async () => {
    const field = await define('account', 'size', 'choice', { choices });
    const large = await create({ size: 'tin' });
    const retired = [choices[0], { ...choices[1], retired: true }];
    await api.patch(`/v1/fields/${field.id}`, { choices: retired });
    expect(await problemOf(create({ size: 'tin' }))).toMatchObject({ errors: [{ pointer: '/custom/size' }] });
    const kept = await api.patch(`/v1/accounts/${large.id}`, { name: 'Kept', custom: { size: 'tin' } });
    expect(kept).toMatchObject({ name: 'Kept', custom: { size: 'tin' } });
    expect(await problemOf(api.patch(`/v1/fields/${field.id}`, { choices: [choices[0]] }))).toMatchObject({
      code: 'choice-kept',
    });
  });

  it('is required of what is new, and has a default', async () => {
    const region = await define('account', 'region', 'text', { required: true });
    await define('account', 'source', 'text', { required: true, defaultValue: 'web' });
    expect(await problemOf(create({}))).toMatchObject({ errors: [{ pointer: '/custom/region', code: 'required' }] });
    const account = await create({ region: 'north' });
    expect(account['custom']).toEqual({ region: 'north', source: 'web' });
    const path = `/v1/accounts/${account.id}`;
    expect(await problemOf(api.patch(path, { custom: { region: null } }))).toMatchObject({ code: 'required' });
    await api.patch(`/v1/fields/${region.id}`, { required: null });
    expect((await api.patch(path, { custom: { region: null } }))['custom']).toEqual({ source: 'web' });
  });

  it('is shown nowhere but in histories once it is archived, and comes back as it was', async () => {
    const field = await define('account', 'motto', 'text');
    const account = await create({ motto: 'Always' });
    const path = `/v1/accounts/${account.id}`;
    await api.post(`/v1/fields/${field.id}:archive`);
    expect((await api.get(path))['custom'] ?? {}).not.toHaveProperty('motto');
    expect(await problemOf(named('filter=custom.motto=Always'))).toMatchObject({ code: 'bad-filter' });
    expect(await problemOf(create({ motto: 'Never' }))).toMatchObject({ errors: [{ code: 'field-archived' }] });
    const { data } = await api.get<List<Fields>>(`${path}/history`);
    expect(JSON.stringify(data)).toContain('Always');
    await api.post(`/v1/fields/${field.id}:restore`);
    expect((await api.get(path))['custom']).toMatchObject({ motto: 'Always' });
  });
});

describe('rights to a field', () => {
  it('are given as to every other: hidden, read, write', async () => {
    await define('account', 'margin', 'number');
    await define('account', 'rating', 'number');
    const account = await create({ margin: 12, rating: 5 }, { name: 'Ruled' });
    const field = (name: string, access: string) => ({ object: 'account', field: name, access });
    const fields = [field('custom.margin', 'hidden'), field('custom.rating', 'read')];
    const { api: clerk } = await somebody(api, { role: { grants: [grant('account', '*', 'all')], fields } });
    const path = `/v1/accounts/${account.id}`;
    expect((await clerk.get<Fields>(path))['custom']).toMatchObject({ rating: 5 });
    expect((await clerk.get<Fields>(path))['custom']).not.toHaveProperty('margin');
    expect(await named('filter=custom.rating=5', clerk)).toEqual(['Ruled']);
    for (const query of ['filter=custom.margin>10', 'sort=custom.margin'])
      expect(await problemOf(named(query, clerk))).toMatchObject({ status: 403, code: 'hidden-field' });
    for (const key of ['margin', 'rating'])
      expect(await problemOf(clerk.patch(path, { custom: { [key]: 1 } }))).toMatchObject({ status: 403 });
    const { data } = await clerk.get<List<Fields>>(`${path}/history`);
    expect(JSON.stringify(data)).not.toContain('margin');
    expect(await problemOf(define('account', 'theirs', 'text', {}, clerk))).toMatchObject({ status: 403 });
  });
});

describe('a field of contacts', () => {
  it('is personal unless it is said not to be: it goes with the person', async () => {
    await define('contact', 'nickname', 'text');
    await define('contact', 'segment', 'text', { personal: false });
    const contact = await api.post<Fields>('/v1/contacts', {
      ...{ lastName: 'Hopper', custom: { nickname: 'Amazing Grace', segment: 'navy' } },
    });
    expect(contact['custom']).toEqual({ nickname: 'Amazing Grace', segment: 'navy' });
    const found = async () =>
      (await api.get<List<Fields>>('/v1/contacts?filter=custom.nickname:amazing')).data.map(({ id }) => id);
    expect(await found()).toEqual([contact.id]);
    await api.post(`/v1/contacts/${contact.id}:erase`);
    await eventually(found, (ids) => ids.length === 0);
    expect((await api.get<Fields>(`/v1/contacts/${contact.id}`))['custom'] ?? {}).toEqual({});
    const { data } = await api.get<List<Fields>>(`/v1/contacts/${contact.id}/history`);
    expect(JSON.stringify(data)).not.toContain('Amazing');
    expect(JSON.stringify(data)).toContain('navy');
  });
});

describe('a field of opportunities', () => {
  it('is known to sales, which hears of it', async () => {
    await define('opportunity', 'competitor', 'text');
    await api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'New', probability: 10 }] });
    const make = () => api.post<Fields>('/v1/opportunities', { name: 'Deal', custom: { competitor: 'Globex' } });
    const deal = await eventually(
      () => make().catch(() => undefined),
      (made) => made !== undefined,
    );
    expect(deal!['custom']).toEqual({ competitor: 'Globex' });
    const { data } = await api.get<List<Fields>>('/v1/opportunities?filter=custom.competitor=Globex');
    expect(data).toMatchObject([{ id: deal!.id, custom: { competitor: 'Globex' } }]);
    const changed = await api.patch(`/v1/opportunities/${deal!.id}`, { custom: { competitor: 'Initech' } });
    expect(changed['custom']).toEqual({ competitor: 'Initech' });
  });
});

describe('a column of a file', () => {
  it('is read by the label of a field, or of a choice, and refused like every other', async () => {
    const choices = [
      { value: 'a', label: 'First class' },
      { value: 'b', label: 'Second class' },
    ];
    await define('account', 'class', 'choice', { label: 'Service class', choices });
    await define('account', 'seats', 'number', { label: 'Seats sold' });
    const file = 'Company,Service Class,Seats sold\nWayne,first class,12\nStark,b,9\nKord,third,1\nOscorp,,many\n';
    const done = await Import.run(api, 'accounts', file);
    expect((await done.view()).columns).toMatchObject([{}, { field: 'custom.class' }, { field: 'custom.seats' }]);
    const rows = await done.rows();
    expect(rows.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'failed', 'failed']);
    expect(await api.get(`/v1/accounts/${rows[0]!.recordId}`)).toMatchObject({ custom: { class: 'a', seats: 12 } });
    expect(await named('filter=custom.class=b')).toEqual(['Stark']);
    await done.revert();
    expect(await named('filter=custom.seats=12')).toEqual([]);
  });
});

describe('the OpenAPI document of a tenant', () => {
  it('describes its own fields', async () => {
    const choices = [
      { value: 'low', label: 'Low' },
      { value: 'old', label: 'Old', retired: true },
    ];
    await define('account', 'risk', 'choice', { label: 'Risk', helpText: 'Of losing them', choices });
    const { components } = await api.get<Fields & { components: { schemas: Record<string, object> } }>(
      '/v1/openapi.json',
    );
    const risk = { type: 'string', enum: ['low'], description: 'Risk. Of losing them' };
    const custom = (more: object) => ({ properties: { custom: { properties: { risk: { ...risk, ...more } } } } });
    expect(components.schemas).toMatchObject({
      Account: custom({}),
      AccountInput: custom({}),
      AccountChanges: custom({ type: ['string', 'null'], enum: ['low', null] }),
    });
    expect(JSON.stringify(components.schemas['Opportunity'])).not.toContain('risk');
    const everybodys = await (await fetch(`${api.address}/openapi.json`)).text();
    expect(everybodys).not.toContain('Of losing them');
  });
});

describe('the feed', () => {
  it('tells of fields where the contract shows them', async () => {
    await define('account', 'colour', 'text');
    const account = await create({ colour: 'red', region: 'south' });
    const filter = encodeURIComponent(`record = "${account.id}"`);
    const { data } = await api.get<List<Fields>>(`/v1/events?filter=${filter}`);
    expect(data[0]).toMatchObject({ data: { account: { custom: { colour: 'red' } } } });
  });
});
