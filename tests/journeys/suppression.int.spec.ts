import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, type Fields, Import, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(() => rapport.stop());

const person = (fields: object): Promise<Fields> => api.post('/v1/contacts', { lastName: 'Lovelace', ...fields });
const SUPPRESSED = { status: 409, code: 'suppressed' };

describe('addresses of a person who was erased', () => {
  beforeAll(async () => {
    const { id } = await person({ email: 'ada@first.example', phone: '+44 20 7946 0000' });
    await api.patch(`/v1/contacts/${id}`, { email: 'ada@example.org', otherEmails: ['countess@example.org'] });
    await api.patch(`/v1/contacts/${id}`, { otherEmails: [], phone: null });
    await api.post(`/v1/contacts/${id}:erase`);
  });

  it.each([
    { email: 'ada@example.org' },
    { email: 'Ada@Example.ORG' },
    { email: 'ada@first.example' },
    { otherEmails: ['free@example.org', 'countess@example.org'] },
    { phone: '0044 (0)20 7946-0000' },
    { otherPhones: ['+442079460000'] },
  ])('are not created again, whenever they were hers and however they are written: %j', async (fields) => {
    const problem = await problemOf(person(fields));
    expect(problem).toMatchObject({ ...SUPPRESSED, detail: expect.stringContaining('erased') });
    expect(problem).toMatchObject({ errors: [{ pointer: expect.stringContaining(Object.keys(fields)[0]!) }] });
  });

  it('are not given to anybody by an edit, a batch or an undo, nor granted in the ledger', async () => {
    const { id } = await person({ email: 'bob@example.org' });
    expect(await problemOf(api.patch(`/v1/contacts/${id}`, { email: 'ada@example.org' }))).toMatchObject(SUPPRESSED);
    const { data } = await api.post<{ data: { status: number }[] }>('/v1/contacts:batch', {
      rows: [{ create: { email: 'ada@example.org' } }, { update: { id, contact: { phone: '+44 20 79460000' } } }],
    });
    expect(data).toMatchObject([{ status: 409 }, { status: 409 }]);
    const said = { address: 'ada@example.org', channel: 'email', state: 'granted', source: 'letter' };
    const grant = { ...said, topic: 'newsletter', purpose: 'marketing', legalBasis: 'legitimate-interest' };
    expect(await problemOf(api.post('/v1/consents', grant))).toMatchObject(SUPPRESSED);
    expect(await api.post('/v1/consents', { ...said, state: 'objected' })).toMatchObject({ state: 'objected' });
  });

  it('are refused row by row in imports, tried out and run', async () => {
    const csv = 'last name,email\nKing,king@example.org\nLovelace,ADA@example.org\n';
    const found = await Import.of(api, 'contacts', csv);
    for (const phase of ['validate', 'run'] as const) {
      const { counts } = await found[phase]();
      expect(counts).toMatchObject({ rows: 2, created: 1, failed: 1 });
      expect(await found.rows('failed')).toMatchObject([
        { row: 2, problems: [{ pointer: '/email', code: 'suppressed' }] },
      ]);
    }
  });

  it('stay with somebody else who has them, who may be changed and erased as well', async () => {
    const email = 'shared@example.org';
    const [one, other] = [await person({ email }), await person({ email })];
    await api.post(`/v1/contacts/${one.id}:erase`);
    expect(
      await api.patch(`/v1/contacts/${other.id}`, { lastName: 'King', email: 'Shared@example.org' }),
    ).toMatchObject({
      lastName: 'King',
    });
    await api.patch(`/v1/contacts/${other.id}`, { email: 'king@elsewhere.example' });
    const history = await api.get<List<Fields>>(`/v1/contacts/${other.id}/history`);
    const eventId = history.data[0]!['eventId'];
    expect(await problemOf(api.post(`/v1/contacts/${other.id}:undo`, { eventId }))).toMatchObject(SUPPRESSED);
    await api.post(`/v1/contacts/${other.id}:erase`);
    expect(await problemOf(person({ email: 'king@elsewhere.example' }))).toMatchObject(SUPPRESSED);
  });

  it('are free where the erasure was refused', async () => {
    const { id } = await person({ email: 'held@example.org' });
    await api.post(`/v1/contacts/${id}:hold`, { reason: 'Case 17' });
    expect(await problemOf(api.post(`/v1/contacts/${id}:erase`))).toMatchObject({ code: 'on-hold' });
    expect(await person({ email: 'held@example.org' })).toMatchObject({ email: 'held@example.org' });
  });

  it('are free in other tenants', async () => {
    const other = await api.clientFor(['administrator'], 'elsewhere');
    expect(await other.post('/v1/contacts', { email: 'ada@example.org' })).toMatchObject({ email: 'ada@example.org' });
  });

  it('are in no entry of the audit trail, which tells that they were suppressed', async () => {
    const filter = encodeURIComponent('what = "AddressSuppressed"');
    const { data } = await api.get<List<Fields>>(`/v1/audit/contacts/entries?filter=${filter}`);
    expect(data.length).toBeGreaterThanOrEqual(4);
    expect(JSON.stringify(data)).not.toContain('example.org');
  });
});
