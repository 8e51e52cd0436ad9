import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Api,
  eventually,
  type Fields,
  grant,
  type List,
  problemOf,
  ProblemError,
  Rapport,
  somebody,
} from './support/index.js';

let rapport: Rapport;
let api: Api;

const make = (fields: object): Promise<Fields> => api.post('/v1/leads', fields);
const convert = (lead: Fields, asked: object = {}, headers = {}): Promise<Fields> =>
  api.post(`/v1/leads/${lead.id}:convert`, asked, headers);
const undo = (lead: Fields): Promise<Fields> => api.post(`/v1/leads/${lead.id}:undoConversion`);
const get = (kind: string, id: unknown): Promise<Fields> => api.get(`/v1/${kind}/${id as string}`);
/** Sales makes it in a time of its own. */
const opportunityOf = (
  { convertedOpportunityId }: Fields,
  wanted: (opportunity: Fields | undefined) => boolean = Boolean,
): Promise<Fields | undefined> =>
  eventually(() => get('opportunities', convertedOpportunityId).catch(unlessMissing), wanted);
const unlessMissing = (failure: unknown): undefined => {
  if (!(failure instanceof ProblemError) || failure.problem.status !== 404) throw failure;
};
const told = async (path: string): Promise<readonly unknown[]> =>
  (await api.get<List<Fields>>(`${path}/timeline`)).data.map(({ type, kind }) => type ?? kind);

beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
  await api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'Open', probability: 10 }] });
});
afterAll(() => rapport.stop());

describe('a conversion', () => {
  it('makes a contact, an account and an opportunity of a lead, which is read only then', async () => {
    const fields = { lastName: 'Lovelace', company: 'Analytical', email: 'ada@analytical.example', source: 'fair' };
    const lead = await make({ ...fields, amount: { minor: 500, currency: 'USD' } });
    await api.post('/v1/activities', { kind: 'note', text: 'Hello', related: [{ kind: 'lead', id: lead.id }] });
    const asked = { account: { new: true }, opportunity: { new: true } };
    const preview = await api.post<Fields>(`/v1/leads/${lead.id}:previewConversion`, asked);
    expect(preview).toMatchObject({ account: { name: 'Analytical' }, contact: { lastName: 'Lovelace' } });
    const key = { 'idempotency-key': 'convert-1' };
    const done = await convert(lead, asked, key);
    expect(done).toMatchObject({ status: 'converted', convertedAt: expect.any(String) });
    expect(await convert(lead, asked, key)).toEqual(done);
    const { convertedContactId, convertedAccountId } = done;
    expect((preview['contact'] as Fields).id).toBe(convertedContactId);
    expect(await get('accounts', convertedAccountId)).toMatchObject({ name: 'Analytical' });
    expect(await get('contacts', convertedContactId)).toMatchObject({
      ...{ lastName: 'Lovelace', email: 'ada@analytical.example', accountId: convertedAccountId },
    });
    const opportunity = (await opportunityOf(done))!;
    expect(opportunity).toMatchObject({ name: 'Analytical', amount: { minor: 500 }, contactId: convertedContactId });
    for (const path of ['contacts', 'accounts'])
      expect(
        await told(`/v1/${path}/${(path === 'contacts' ? convertedContactId : convertedAccountId) as string}`),
      ).toEqual(expect.arrayContaining(['note', 'LeadConverted', 'ContactCreated']));
    expect(await problemOf(api.patch(`/v1/leads/${lead.id}`, { rating: 'hot' }))).toMatchObject({
      code: 'lead-converted',
    });
    expect(await problemOf(convert(lead))).toMatchObject({ code: 'lead-converted' });
  });

  it('says what may be there already, and is done nevertheless where somebody says so', async () => {
    const [contact, account] = [
      await api.post('/v1/contacts', { firstName: 'George', lastName: 'Boole', email: 'boole@cork.example' }),
      await api.post('/v1/accounts', { name: 'Cork' }),
    ];
    const lead = await make({ firstName: 'George', lastName: 'Boole', email: 'boole@cork.example', company: 'Cork' });
    const asked = { account: { new: true } };
    const problem = await problemOf(convert(lead, asked));
    expect(problem).toMatchObject({ status: 409, code: 'likely-duplicates' });
    expect(
      problem.errors!.map(({ pointer, message }) => [
        pointer,
        message.includes(contact.id) || message.includes(account.id),
      ]),
    ).toEqual([
      ['/contact', true],
      ['/account', true],
    ]);
    expect(await convert(lead, { ...asked, skipDuplicateCheck: true })).toMatchObject({ status: 'converted' });
  });

  it('into those that are there fills in what is lacking, and overwrites nothing', async () => {
    const account = await api.post('/v1/accounts', { name: 'Difference' });
    const contact = await api.post('/v1/contacts', { lastName: 'Babbage', email: 'c@difference.example' });
    const opportunity = await api.post('/v1/opportunities', { name: 'Engine' });
    const lead = await make({
      lastName: 'B.',
      email: 'other@difference.example',
      phone: '+44 20 1',
      title: 'Inventor',
    });
    const done = await convert(lead, {
      ...{ account: { id: account.id }, contact: { id: contact.id }, opportunity: { id: opportunity.id } },
    });
    expect(done).toMatchObject({ convertedContactId: contact.id, convertedOpportunityId: opportunity.id });
    expect(await get('contacts', contact.id)).toMatchObject({
      ...{ lastName: 'Babbage', email: 'c@difference.example', phone: '+44 20 1', title: 'Inventor' },
      accountId: account.id,
    });
    await api.patch(`/v1/contacts/${contact.id}`, { title: 'Professor' });
    expect(await undo(lead)).toMatchObject({ lead: { status: 'new' }, kept: [] });
    const after = await get('contacts', contact.id);
    expect(after).toMatchObject({ title: 'Professor', info: { archived: false } });
    for (const field of ['phone', 'accountId']) expect(after).not.toHaveProperty(field);
  });

  it.each([
    ['an account of no company', { account: { new: true } }, 'company-missing', '/account/new'],
    [
      'a contact that is not there',
      { contact: { id: '01940000-0000-7000-8000-000000000009' } },
      'contact-not-found',
      '/contact/id',
    ],
    ['both of one', { contact: { id: '01940000-0000-7000-8000-000000000009', new: true } }, 'both', '/contact'],
    ['an opportunity without a name', { opportunity: { new: true } }, 'name-missing', '/opportunity/name'],
  ])('to %s is refused, and nothing is changed', async (_, asked, code, pointer) => {
    const lead = await make({ lastName: 'Nobody' });
    const problem = await problemOf(convert(lead, asked));
    expect(problem).toMatchObject({ status: 400, code, errors: [{ pointer }] });
    expect(await get('leads', lead.id)).toMatchObject({ status: 'new' });
  });

  it('is taken back as one where sales refuses the opportunity', async () => {
    const lead = await make({ lastName: 'Somerville', company: 'Mechanism' });
    const opportunity = { new: true, pipelineId: '01940000-0000-7000-8000-000000000009' };
    expect(await problemOf(convert(lead, { account: { new: true }, opportunity }))).toMatchObject({
      code: 'pipeline-not-found',
      detail: expect.stringContaining('There is no such pipeline. Check its id'),
    });
    const left = await get('leads', lead.id);
    expect(left).toMatchObject({ status: 'new' });
    expect(left).not.toHaveProperty('convertedContactId');
    const { data } = await api.get<List<Fields>>('/v1/contacts?filter=lastName%3DSomerville');
    expect(data).toEqual([]);
    const again = await convert(lead, { account: { new: true }, opportunity: { new: true } });
    expect(again).toMatchObject({ status: 'converted' });
  });
});

describe('a conversion that is taken back', () => {
  it('archives what it made, and keeps what somebody has worked on since', async () => {
    const lead = await make({ lastName: 'Germain', company: 'Elastic', status: 'qualified' });
    const done = await convert(lead, { account: { new: true }, opportunity: { new: true } });
    const { convertedContactId, convertedAccountId } = done;
    await opportunityOf(done);
    await api.patch(`/v1/accounts/${convertedAccountId as string}`, { sector: 'steel' });
    const undone = await undo(lead);
    expect(undone).toMatchObject({
      ...{ lead: { status: 'qualified' }, kept: [{ kind: 'account', id: convertedAccountId }] },
    });
    expect(undone['lead']).not.toHaveProperty('convertedContactId');
    expect(await get('contacts', convertedContactId)).toMatchObject({ info: { archived: true } });
    await opportunityOf(done, (opportunity) => (opportunity?.['info'] as { archived?: boolean }).archived === true);
    expect(await problemOf(undo(lead))).toMatchObject({ code: 'not-converted' });
    const { data } = await api.get<List<Fields>>(`/v1/leads/${lead.id}/history`);
    const [last, first] = data;
    expect([last!['type'], first!['type']]).toEqual(['LeadConversionUndone', 'LeadConverted']);
    expect(
      await problemOf(api.post(`/v1/leads/${lead.id}:undo`, { eventId: last!['eventId'], laterChanges: 'keep' })),
    ).toMatchObject({ code: 'undo-conversion-instead' });
  });

  it('is so by undoing its event, too', async () => {
    const lead = await make({ lastName: 'Agnesi' });
    const { convertedContactId } = await convert(lead);
    const { data } = await api.get<List<Fields>>(`/v1/leads/${lead.id}/history`);
    await api.post(`/v1/leads/${lead.id}:undo`, { eventId: data[0]!['eventId'] });
    expect(await get('contacts', convertedContactId)).toMatchObject({ info: { archived: true } });
  });
});

describe('whoever converts', () => {
  it('may do so to what they may create, edit and see', async () => {
    const grants = [grant('lead', '*', 'all'), grant('contact', '*', 'all'), grant('account', 'read', 'all')];
    const { api: seller } = await somebody(api, { role: { grants } });
    const lead = await make({ lastName: 'Kovalevskaya', company: 'Stockholm' });
    const ask = (asked: object) => problemOf(seller.post(`/v1/leads/${lead.id}:convert`, asked));
    expect(await ask({ account: { new: true } })).toMatchObject({ status: 403, code: 'not-permitted' });
    expect(await ask({ opportunity: { new: true } })).toMatchObject({ status: 403, code: 'not-permitted' });
    expect(await seller.post(`/v1/leads/${lead.id}:convert`, {})).toMatchObject({ status: 'converted' });
  });

  it('makes the person one: whoever is erased as a contact is forgotten as a lead', async () => {
    const lead = await make({ lastName: 'Noether', description: 'Wants a ring' });
    const { convertedContactId } = await convert(lead);
    await api.post(`/v1/contacts/${convertedContactId as string}:erase`);
    const left = await eventually(
      () => get('leads', lead.id),
      ({ erased }) => erased === true,
    );
    expect(left).not.toHaveProperty('description');
  });
});
