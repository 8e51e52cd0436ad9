import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, eventually, type Fields, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(() => rapport.stop());

interface Duplicates extends Fields {
  readonly data: (Fields & { readonly contactId: string; readonly evidence: readonly Fields[] })[];
}

const create = async (contact: object, query = '', by = api): Promise<Fields> =>
  by.post(`/v1/contacts${query}`, contact);
const duplicatesOf = (id: string, by = api): Promise<Duplicates> => by.get<Duplicates>(`/v1/contacts/${id}/duplicates`);
const idsOf = async (id: string, by = api): Promise<readonly string[]> =>
  (await duplicatesOf(id, by)).data.map(({ contactId }) => contactId);

const KATHERINE = { firstName: 'Katherine', lastName: 'Johnson', email: 'kj@nasa.example', birthDate: '1918-08-26' };

describe('duplicates of a contact', () => {
  let known: Fields;
  let again: Fields;
  beforeAll(async () => {
    known = await create(KATHERINE);
    await create({ firstName: 'Dorothy', lastName: 'Vaughan', birthDate: '1910-09-20' });
    again = await create({ firstName: 'Kathy', lastName: 'Jonhson', birthDate: '1918-08-26' }, '?checkDuplicates=true');
  });

  it('are told with what was created, which they never keep from being done', () => {
    expect(again).toMatchObject({ firstName: 'Kathy', likelyDuplicates: { contactIds: [known.id] } });
    expect(known).not.toHaveProperty('likelyDuplicates');
  });

  it('are told with what was changed', async () => {
    const changed = await api.patch<Fields>(`/v1/contacts/${again.id}?checkDuplicates=true`, {
      title: 'Mathematician',
    });
    expect(changed).toMatchObject({ title: 'Mathematician', likelyDuplicates: { contactIds: [known.id] } });
    expect(await api.get(`/v1/contacts/${again.id}`)).not.toHaveProperty('likelyDuplicates');
  });

  it('come with a score, and what speaks for it in words', async () => {
    const { data } = await duplicatesOf(known.id);
    expect(data).toEqual([
      {
        ...{ contactId: again.id, verdict: 'likely', status: 'open' },
        score: 23,
        evidence: [
          { words: 'same birth date', weight: 12 },
          { words: expect.stringMatching(/^similar last name 0\.9\d$/), weight: 6.5 },
          { words: 'short form of the first name', weight: 4.5 },
        ],
      },
    ]);
  });

  it('are found by another spelling of the e-mail address, and by names in the wrong fields', async () => {
    const byAddress = await create({ phone: '+44 20 7946 0000', email: 'mailto:KJ@NASA.example' });
    const swapped = await create({ firstName: 'Johnson', lastName: 'Katherine' });
    expect(await idsOf(known.id)).toEqual(expect.arrayContaining([again.id, byAddress.id, swapped.id]));
    for (const { id } of [byAddress, swapped]) await api.delete(`/v1/contacts/${id}`);
    expect(await idsOf(known.id)).toEqual([again.id]);
  });

  it('are found by any telephone number and by further addresses, whichever place they stand in', async () => {
    const phones = { otherPhones: ['+44 20 7946 0111', '+1 (212) 555-0199'], phone: '+44 20 7946 0000' };
    const one = await create({ firstName: 'Mary', lastName: 'Jackson', email: 'mj@nasa.example', ...phones });
    const called = await create({ firstName: 'Mary', phone: '212 555 0199' }, '?checkDuplicates=true');
    expect(called['likelyDuplicates']).toEqual({ contactIds: [one.id] });
    const written = await create({ lastName: 'Writer', otherEmails: ['a@nasa.example', 'MJ@nasa.example'] });
    expect(await idsOf(one.id)).toEqual(expect.arrayContaining([called.id, written.id]));
    const told = await create({ lastName: 'Other', email: 'a@nasa.example' }, '?checkDuplicates=true');
    expect(told['likelyDuplicates']).toEqual({ contactIds: [written.id] });
  });

  it('are two people once somebody says so, until that is undone', async () => {
    const pair = { contactId: again.id, otherContactId: known.id };
    const dismissed = await api.post<Fields>('/v1/duplicates:dismiss', pair);
    expect(dismissed).toMatchObject({ status: 'dismissed' });
    expect((await duplicatesOf(known.id)).data).toMatchObject([{ contactId: again.id, status: 'dismissed' }]);
    const changed = await api.patch<Fields>(`/v1/contacts/${known.id}?checkDuplicates=true`, { title: 'Dr.' });
    expect(changed['likelyDuplicates']).toEqual({ contactIds: [] });
    await api.post('/v1/duplicates:reopen', { contactId: known.id, otherContactId: again.id });
    expect((await duplicatesOf(again.id)).data).toMatchObject([{ contactId: known.id, status: 'open' }]);
  });

  it.each([
    [{ otherContactId: '00000000-0000-7000-8000-000000000001' }, 404, 'contact-not-found'],
    [{ otherContactId: 'nobody' }, 400, 'invalid-request'],
    [{}, 400, 'invalid-request'],
  ])('refuses to dismiss %j', async (other, status, code) => {
    const refused = problemOf(api.post('/v1/duplicates:dismiss', { contactId: known.id, ...other }));
    expect(await refused).toMatchObject({ status, code });
  });

  it('refuses a contact beside itself, and one that is not there', async () => {
    const itself = { contactId: known.id, otherContactId: known.id };
    expect(await problemOf(api.post('/v1/duplicates:dismiss', itself))).toMatchObject({ code: 'one-contact' });
    const missing = problemOf(duplicatesOf('00000000-0000-7000-8000-000000000001'));
    expect(await missing).toMatchObject({ status: 404, code: 'contact-not-found' });
  });

  it('are of those that the caller sees, by what the caller sees of them', async () => {
    const viewer = await api.clientFor(['viewer']);
    // Somebody else's writes are seen a moment later.
    await eventually(async () => (await idsOf(known.id, viewer)).join() === again.id);
    const pair = { contactId: again.id, otherContactId: known.id };
    expect(await problemOf(viewer.post('/v1/duplicates:dismiss', pair))).toMatchObject({ status: 403 });
    const elsewhere = await api.clientFor(['administrator'], 'elsewhere');
    expect(await problemOf(duplicatesOf(known.id, elsewhere))).toMatchObject({ status: 404 });
  });

  it('are nobody who was forgotten', async () => {
    await api.post(`/v1/contacts/${again.id}:erase`);
    expect(await idsOf(known.id)).toEqual([]);
  });
});
