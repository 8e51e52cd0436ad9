import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, eventually, type Fields, grant, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
let account: Fields;
let ada: Fields;
let deal: Fields;

type Entry = Fields & { readonly kind: string; readonly type?: string; readonly changes: readonly Fields[] };
type Page = List<Entry> & { readonly page: { readonly next?: string } };

const timeline = (path: string, by = api): Promise<Page> => by.get(`/v1/${path}`);
const told = ({ data }: Page): readonly (string | undefined)[] => data.map(({ kind, type }) => type ?? kind);
const ofContact = async (query = '', by = api): Promise<readonly (string | undefined)[]> =>
  told(await timeline(`contacts/${ada.id}/timeline${query}`, by));
const about = (kind: string, { id }: Fields) => ({ related: [{ kind, id }] });

beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
  account = await api.post('/v1/accounts', { name: 'Cancity' });
  ada = await api.post('/v1/contacts', { lastName: 'Lovelace', accountId: account.id });
  await api.post('/v1/activities', { kind: 'note', text: 'Wants it in blue', pinned: true, ...about('contact', ada) });
  await api.patch(`/v1/contacts/${ada.id}`, { title: 'Countess' });
  const pipeline = await api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'Open', probability: 10 }] });
  deal = await api.post('/v1/opportunities', { name: 'Order', pipelineId: pipeline.id, accountId: account.id });
  await api.post('/v1/activities', { kind: 'call', direction: 'inbound', ...about('opportunity', deal) });
  await api.post(`/v1/opportunities/${deal.id}:win`, { amount: { minor: 100, currency: 'USD' } });
});
afterAll(() => rapport.stop());

describe('a timeline', () => {
  it('joins activities and what became of a contact, newest first', async () => {
    const { data } = await timeline(`contacts/${ada.id}/timeline`);
    expect(data.map(({ kind }) => kind)).toEqual(['event', 'note', 'event']);
    expect(data[0]).toMatchObject({ type: 'ContactEdited', changes: [{ field: 'title', to: 'Countess' }] });
    expect(data[1]).toMatchObject({ object: 'activity', activity: { text: 'Wants it in blue' }, pinned: true });
    expect(data[2]).toMatchObject({ type: 'ContactCreated', object: 'contact', objectId: ada.id, changes: [] });
    expect(data[1]!['actor']).toMatchObject({ kind: 'apiKey' });
  });

  it('of an opportunity hears what sales tells of it', async () => {
    const seen = async () => told(await timeline(`opportunities/${deal.id}/timeline`));
    await eventually(async () => (await seen()).length === 3);
    expect(await seen()).toEqual(['OpportunityWon', 'call', 'OpportunityCreated']);
    const { data } = await timeline(`opportunities/${deal.id}/timeline?kind=event`);
    expect(data[0]!.changes).toContainEqual({ field: 'amount', to: { minor: 100, currency: 'USD' } });
  });

  it('of an account has what became of its contacts and opportunities', async () => {
    const seen = async () => told(await timeline(`accounts/${account.id}/timeline`));
    await eventually(async () => (await seen()).length === 7);
    expect(await seen()).toEqual([
      ...['OpportunityWon', 'call', 'OpportunityCreated', 'ContactEdited', 'note', 'ContactCreated', 'AccountCreated'],
    ]);
  });

  it('is narrowed to a kind and to a person, and shows what is pinned first', async () => {
    expect(await ofContact('?kind=note')).toEqual(['note']);
    expect(await ofContact('?kind=event')).toEqual(['ContactEdited', 'ContactCreated']);
    expect(await ofContact('?actorId=nobody')).toEqual([]);
    const { data } = await timeline(`contacts/${ada.id}/timeline`);
    const { id } = data[0]!['actor'] as Fields;
    expect(await ofContact(`?actorId=${id}`)).toHaveLength(3);
    expect(await ofContact('?pinnedFirst=true')).toEqual(['note', 'ContactEdited', 'ContactCreated']);
  });

  it.each(['', '&pinnedFirst=true'])('has pages that leave nothing out (%s)', async (query) => {
    for (const path of [`contacts/${ada.id}`, `accounts/${account.id}`]) {
      const whole = (await timeline(`${path}/timeline?limit=200${query}`)).data.map(({ id }) => id);
      const read: string[] = [];
      for (let cursor = ''; ;) {
        const page = await timeline(`${path}/timeline?limit=1${query}${cursor}`);
        read.push(...page.data.map(({ id }) => id));
        if (!page.page.next) break;
        cursor = `&cursor=${page.page.next}`;
      }
      expect(read).toEqual(whole);
    }
  });

  it('is told as of any day, activities as they stood', async () => {
    const someone = await api.post('/v1/contacts', { lastName: 'Hopper' });
    const note = await api.post<Fields>('/v1/activities', { kind: 'note', text: 'One', ...about('contact', someone) });
    const then = (note['info'] as Fields)['createdAt'] as string;
    await eventually(async () => new Date().toISOString() > then);
    await api.patch(`/v1/activities/${note.id}`, { text: 'Two' });
    await api.patch(`/v1/contacts/${someone.id}`, { title: 'Admiral' });
    const { data } = await timeline(`contacts/${someone.id}/timeline?asOf=${then}`);
    expect(data[0]).toMatchObject({ kind: 'note', activity: { text: 'One' } });
    expect(await timeline(`contacts/${someone.id}/timeline?asOf=2020-01-01`)).toMatchObject({ data: [] });
  });

  it('follows an activity to the records that it concerns, and away from those that it does not any more', async () => {
    const [one, other] = [
      await api.post<Fields>('/v1/contacts', { lastName: 'One' }),
      await api.post<Fields>('/v1/contacts', { lastName: 'Other' }),
    ];
    const { id } = await api.post<Fields>('/v1/activities', { kind: 'note', text: 'x', ...about('contact', one) });
    const notes = async ({ id: contact }: Fields) =>
      (await timeline(`contacts/${contact}/timeline?kind=note`)).data.length;
    expect([await notes(one), await notes(other)]).toEqual([1, 0]);
    await api.patch(`/v1/activities/${id}`, {
      related: [other, one].map((each) => ({ kind: 'contact', id: each.id })),
    });
    expect([await notes(one), await notes(other)]).toEqual([1, 1]);
    await api.patch(`/v1/activities/${id}`, about('contact', other));
    expect([await notes(one), await notes(other)]).toEqual([0, 1]);
    await api.delete(`/v1/activities/${id}`);
    expect([await notes(one), await notes(other)]).toEqual([0, 0]);
    await api.post(`/v1/activities/${id}:restore`);
    expect(await notes(other)).toBe(1);
  });

  it.each([
    [404, 'contacts/01940000-0000-7000-8000-00000000dead/timeline'],
    [404, 'opportunities/01940000-0000-7000-8000-00000000dead/timeline'],
    [400, 'contacts/<ada>/timeline?cursor=x'],
    [400, 'contacts/<ada>/timeline?kind=mail'],
    [400, 'contacts/<ada>/timeline?limit=0'],
    [400, 'contacts/<ada>/timeline?asOf=yesterday'],
  ])('answers %i to %s', async (status, path) => {
    expect(await problemOf(timeline(path.replace('<ada>', ada.id)))).toMatchObject({ status });
  });
});

describe('somebody who sees a part', () => {
  it('is told neither of what is out of sight nor of hidden fields', async () => {
    const grants = [grant('contact', 'read', 'all'), grant('account', 'read', 'all'), grant('activity', 'read', 'own')];
    const fields = [{ object: 'contact', field: 'title', access: 'hidden' }];
    const role = await api.post('/v1/roles', { name: 'Part', grants, fields });
    const user = await api.post('/v1/users', { name: 'Bo', email: 'bo@example.org', roleIds: [role.id] });
    const { secret } = await api.post<Fields>('/v1/api-keys', { name: 'Key', userId: user.id });
    const bo = new Api(api.address, secret as string, api);
    await eventually(async () => (await ofContact('', bo)).length > 0);
    expect(await ofContact('', bo)).toEqual(['ContactCreated']);
    const own = { kind: 'note', text: 'For Bo', ownerId: user.id, ...about('contact', ada) };
    await api.post('/v1/activities', own);
    expect(await ofContact('', bo)).toEqual(['note', 'ContactCreated']);
    expect(told(await timeline(`accounts/${account.id}/timeline`, bo))).not.toContain('OpportunityWon');
    expect(await problemOf(timeline(`opportunities/${deal.id}/timeline`, bo))).toMatchObject({ status: 403 });
  });
});

describe('whoever is erased', () => {
  it('is told of no more than that something happened', async () => {
    const eve = await api.post<Fields>('/v1/contacts', { lastName: 'Eve', accountId: account.id });
    await api.patch(`/v1/contacts/${eve.id}`, { firstName: 'Secret', tags: ['vip'] });
    await api.post('/v1/activities', { kind: 'note', text: 'Secret', ...about('contact', eve) });
    await api.post(`/v1/contacts/${eve.id}:erase`);
    const page = await timeline(`contacts/${eve.id}/timeline`);
    expect(told(page)).toEqual(['ContactErased', 'note', 'ContactEdited', 'ContactCreated']);
    expect(JSON.stringify(page)).not.toContain('Secret');
    expect(JSON.stringify(await timeline(`accounts/${account.id}/timeline`))).not.toContain('Secret');
  });
});
