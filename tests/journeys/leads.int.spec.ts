import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, type Fields, grant, Import, type List, problemOf, Rapport, somebody } from './support/index.js';

let rapport: Rapport;
let api: Api;

const make = (fields: object): Promise<Fields> => api.post('/v1/leads', fields);
const at = ({ id }: Fields, rest = ''): string => `/v1/leads/${id}${rest}`;
const found = async (filter: string): Promise<readonly unknown[]> => {
  const { data } = await api.get<List<Fields>>(`/v1/leads?filter=${encodeURIComponent(filter)}`);
  return data.map(({ lastName }) => lastName);
};

beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(() => rapport.stop());

describe('a lead', () => {
  it('is new, is found by what is known of it, and has a past that can be taken back', async () => {
    const fields = { lastName: 'Lovelace', company: 'Analytical', email: 'Ada@example.org', rating: 'hot' };
    const lead = await make({ ...fields, source: 'fair', utmCampaign: 'spring', tags: ['vip'] });
    expect(lead).toMatchObject({ ...fields, status: 'new', utmCampaign: 'spring' });
    await api.patch(at(lead), { status: 'working' });
    for (const filter of ['email = "ada@example.org"', 'status = "working"', 'utmCampaign = "spring"'])
      expect(await found(filter)).toEqual(['Lovelace']);
    const { data } = await api.get<List<Fields>>(at(lead, '/history'));
    expect(data.map(({ type }) => type)).toEqual(['LeadEdited', 'LeadCreated']);
    expect(await api.post(at(lead, ':undo'), { eventId: data[0]!['eventId'] })).toMatchObject({ status: 'new' });
    const then = (lead['info'] as Fields)['updatedAt'] as string;
    expect(await api.get(at(lead, `?asOf=${then}`))).toMatchObject({ lastName: 'Lovelace' });
    await api.delete(at(lead));
    expect(await api.post(at(lead, ':restore'))).toMatchObject({ info: { archived: false } });
  });

  it('has a timeline, and activities that concern it', async () => {
    const lead = await make({ lastName: 'Bool' });
    const related = [{ kind: 'lead', id: lead.id }];
    const call = await api.post('/v1/activities', { kind: 'call', direction: 'inbound', text: 'Wants two', related });
    expect(call).toMatchObject({ contactIds: [lead.id], related });
    const { data } = await api.get<List<Fields>>(at(lead, '/timeline'));
    expect(data.map(({ kind, type }) => type ?? kind)).toEqual(['call', 'LeadCreated']);
    expect(await problemOf(api.get('/v1/leads/01940000-0000-7000-8000-000000000009/timeline'))).toMatchObject({
      code: 'lead-not-found',
    });
  });

  it('comes in from a file, and in batches', async () => {
    const file = 'Lead ID,First Name,Company,Lead Status,Lead Source,Email\n7,Mary,Sea,Working,Fair,mary@example.org\n';
    const values = [{ field: 'status', from: 'Working', to: 'working' }];
    const done = await Import.run(api, 'leads', file, { values });
    expect(await done.view()).toMatchObject({ counts: { created: 1 } });
    const { data } = await api.get<List<Fields>>(`/v1/leads?filter=${encodeURIComponent('externalId = "7"')}`);
    expect(data).toMatchObject([{ firstName: 'Mary', company: 'Sea', status: 'working', source: 'Fair' }]);
    const rows = [{ create: { lastName: 'One' } }, { create: { title: 'Nobody' } }];
    const { body } = await api.send<List<Fields>>('POST', '/v1/leads:batch', { body: { rows } });
    expect(body.data.map(({ status }) => status)).toEqual([201, 400]);
  });

  it('has fields that a tenant gives it', async () => {
    await api.post('/v1/fields', { object: 'lead', key: 'seats', label: 'Seats', kind: 'number' });
    expect(await make({ lastName: 'Seated', custom: { seats: 12 } })).toMatchObject({ custom: { seats: 12 } });
  });

  it.each([
    ['of nobody', { title: 'Countess' }, 'nameless', '/lastName'],
    ['that says it is converted', { lastName: 'X', status: 'converted' }, 'said-apart', '/status'],
    ['of an unknown status', { lastName: 'X', status: 'dead' }, 'unknown-value', '/status'],
    ['with no address', { email: 'ada' }, 'wrong-format', '/email'],
    ['that calls itself otherwise', { lastName: 'X', campaign: 'spring' }, 'unknown-field', '/campaign'],
  ])('%s is refused', async (_, fields, code, pointer) => {
    const problem = await problemOf(make(fields));
    expect([problem.code, ...(problem.errors ?? []).map((each) => each.code)]).toContain(code);
    expect(problem.errors).toMatchObject([{ pointer }]);
  });
});

describe('the person that a lead is', () => {
  it('is put right, held, restricted and forgotten, and does not come back by accident', async () => {
    const lead = await make({ lastName: 'Byron', email: 'byron@example.org', company: 'Self', source: 'web' });
    const related = [{ kind: 'lead', id: lead.id }];
    const note = await api.post('/v1/activities', { kind: 'note', text: 'Wrote a poem', related });
    await api.post(at(lead, ':rectify'), { lead: { lastName: 'Noel' }, askedBy: 'By letter' });
    await api.post(at(lead, ':hold'), { reason: 'Case 3' });
    expect(await problemOf(api.post(at(lead, ':erase')))).toMatchObject({ code: 'on-hold' });
    await api.post(at(lead, ':release'));
    expect(await api.post(at(lead, ':restrict'), { reason: 'Wrong' })).not.toHaveProperty('lastName');
    expect(await problemOf(api.get(at(lead, '/timeline')))).toMatchObject({ code: 'processing-restricted' });
    await api.post(at(lead, ':unrestrict'));
    const receipt = await api.post<Fields>(at(lead, ':erase'));
    expect(receipt).toMatchObject({ leadId: lead.id, state: 'done' });
    expect(receipt['events']).toBeGreaterThan(2);
    const left = await api.get<Fields>(at(lead));
    expect(left).toMatchObject({ erased: true, source: 'web' });
    expect(left).not.toHaveProperty('company');
    expect(await api.get(`/v1/activities/${note.id}`)).not.toHaveProperty('text');
    expect(await problemOf(make({ email: 'BYRON@example.org' }))).toMatchObject({ code: 'suppressed' });
    expect(await problemOf(api.post('/v1/contacts', { email: 'byron@example.org' }))).toMatchObject({
      code: 'suppressed',
    });
  });

  it('is told what is held of them, by all contexts', async () => {
    const lead = await make({ lastName: 'King', email: 'king@example.org' });
    await api.post('/v1/activities', { kind: 'note', text: 'Hello', related: [{ kind: 'lead', id: lead.id }] });
    const { data } = await api.get<List<Fields>>(`/v1/people/${lead.id}`);
    expect(data.map(({ object }) => object).sort()).toEqual(['activity', 'lead']);
  });
});

describe('whoever may', () => {
  it('see only their own leads sees no others, in no way', async () => {
    const grants = [grant('lead', 'read', 'own'), grant('lead', 'edit', 'own'), grant('activity', '*', 'all')];
    const { api: seller, id } = await somebody(api, { role: { grants } });
    const [mine, other] = [await make({ lastName: 'Mine', ownerId: id }), await make({ lastName: 'Other' })];
    const list = await seller.get<List<Fields>>('/v1/leads');
    expect(list.data.map((each) => each.id)).toEqual([mine.id]);
    expect(await problemOf(seller.patch(at(other), { rating: 'hot' }))).toMatchObject({ code: 'lead-not-found' });
    const related = [{ kind: 'lead', id: other.id }];
    expect(await problemOf(seller.post('/v1/activities', { kind: 'note', text: 'x', related }))).toMatchObject({
      code: 'lead-not-found',
    });
    expect(await problemOf(seller.post('/v1/leads', { lastName: 'New' }))).toMatchObject({ status: 403 });
  });
});
