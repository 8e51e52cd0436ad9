import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, eventually, type Fields, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
let form: Fields;

const FIELDS = [
  { field: 'lastName', label: 'Your name', required: true },
  { field: 'email', label: 'E-mail', required: true },
  { field: 'company', label: 'Company' },
];
const consent = { topic: 'newsletter', purpose: 'marketing', textVersion: '1', text: 'Write to me <now>.' };

const at = ({ key }: Fields): string => `${api.address}/v1/public/forms/${key as string}`;
const show = async (of = form): Promise<Fields> =>
  (await fetch(at(of), { headers: { accept: 'application/json' } })).json() as Promise<Fields>;
const send = async (values: object, of = form): Promise<Response> =>
  fetch(at(of), {
    method: 'POST',
    body: JSON.stringify({ ...values }),
    headers: { 'content-type': 'application/json' },
  });
const fill = async (values: object, of = form): Promise<Response> =>
  send({ token: (await show(of))['token'], ...values }, of);
const leadsOf = async (filter: string): Promise<readonly Fields[]> =>
  eventually(
    async () => (await api.get<List<Fields>>(`/v1/leads?filter=${encodeURIComponent(filter)}`)).data,
    ({ length }) => length > 0,
  );
const user = async (name: string): Promise<string> =>
  (await api.post<Fields>('/v1/users', { name, kind: 'service', roleIds: [] })).id;

beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
  const fields = { name: 'Contact us', fields: FIELDS, source: 'web', consent, minimumSeconds: 0 };
  form = await api.post('/v1/forms', { ...fields, thankYou: 'We will call.' });
});
afterAll(() => rapport.stop());

describe('a form', () => {
  it('is shown as a plain page, and as JSON', async () => {
    const page = await fetch(`${at(form)}?utm_campaign=%22spring%22`);
    expect(page.headers.get('content-type')).toContain('text/html');
    const html = await page.text();
    expect(html).toContain('<label for="email">E-mail (required)</label>');
    expect(html).toContain('Write to me &#60;now&#62;.');
    expect(html).toContain('name="utm_campaign" value="&#34;spring&#34;"');
    expect(await show()).toMatchObject({ name: 'Contact us', fields: FIELDS, consentText: consent.text });
  });

  it('that is filled in becomes one lead, with where it came from and what was consented to', async () => {
    const { token } = await show();
    const values = { token, lastName: 'Hopper', email: 'grace@navy.example', consent: 'yes', utm_campaign: 'spring' };
    for (let n = 0; n < 2; n += 1) {
      const answer = await send(values);
      expect([answer.status, await answer.json()]).toEqual([202, { thankYou: 'We will call.' }]);
    }
    const found = await leadsOf('email = "grace@navy.example"');
    expect(found).toMatchObject([{ lastName: 'Hopper', source: 'web', utmCampaign: 'spring', formId: form.id }]);
    const standings = await api.get<List<Fields>>('/v1/consent-standings?address=grace%40navy.example');
    expect(standings.data).toMatchObject([{ topic: 'newsletter', state: 'granted' }]);
  });

  it('takes what a page sends, and thanks', async () => {
    const { token } = await show();
    const body = new URLSearchParams({ token: token as string, lastName: 'Page', email: 'page@example.org' });
    const answer = await fetch(at(form), { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('We will call.');
  });

  it('changes nobody who is known, and goes to whoever looks after the account', async () => {
    const ownerId = await user('Keeper');
    await api.post('/v1/accounts', { name: 'Navy', website: 'https://www.fleet.example', ownerId });
    const contact = await api.post('/v1/contacts', { lastName: 'Murray', email: 'm@fleet.example' });
    await fill({ lastName: 'Other', email: 'M@fleet.example' });
    expect(await leadsOf('lastName = "Other"')).toMatchObject([{ ownerId, knownContactId: contact.id }]);
    expect(await api.get(`/v1/contacts/${contact.id}`)).toMatchObject({ lastName: 'Murray' });
  });

  it('gives leads to its users in turn, and passes over who has left', async () => {
    const [one, two, gone] = [await user('One'), await user('Two'), await user('Gone')];
    await api.delete(`/v1/users/${gone}`);
    const assignment = { mode: 'round-robin', userIds: [one, gone, two] };
    const turns = await api.post('/v1/forms', { name: 'Turns', fields: FIELDS, minimumSeconds: 0, assignment });
    await eventually(
      async () => {
        const probe = await api.post('/v1/leads', { lastName: 'Probe' });
        const asked = { assignment: { userIds: [gone, two], rules: [] } };
        return (await api.post<Fields>(`/v1/leads/${probe.id}:assign`, asked))['ownerId'];
      },
      (owner) => owner === two,
    );
    const owners: unknown[] = [];
    for (const name of ['A', 'B', 'C']) {
      await fill({ lastName: `Turn ${name}`, email: `${name}@turns.example` }, turns);
      owners.push((await leadsOf(`lastName = "Turn ${name}"`))[0]!['ownerId']);
    }
    expect(owners).toEqual([one, two, one]);
  });
});

describe('what is no form that somebody has filled in', () => {
  it('by a program is thanked for and dropped', async () => {
    expect((await fill({ lastName: 'Bot', email: 'bot@example.org', fax: '1' })).status).toBe(202);
    await fill({ lastName: 'After', email: 'after@example.org' });
    await leadsOf('lastName = "After"');
    const { data } = await api.get<List<Fields>>('/v1/leads?filter=lastName%3DBot');
    expect(data).toEqual([]);
  });

  it.each([
    ['without its token', { lastName: 'X', email: 'x@example.org', token: '' }, 'token-missing'],
    ['without what is required', { email: 'x@example.org' }, 'required'],
    ['with no address', { lastName: 'X', email: 'x' }, 'invalid-request'],
  ])('%s is told so', async (_, values, code) => {
    const answer = await fill(values);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, code]);
  });

  it('sent too soon is told to wait; archived or unknown ones are not there', async () => {
    const slow = await api.post('/v1/forms', { name: 'Slow', fields: FIELDS, minimumSeconds: 60 });
    const answer = await fill({ lastName: 'X', email: 'x@example.org' }, slow);
    expect(((await answer.json()) as { code: string }).code).toBe('too-fast');
    await api.delete(`/v1/forms/${slow.id}`);
    await eventually(
      async () => (await fetch(at(slow))).status,
      (status) => status === 404,
    );
    expect((await fetch(`${api.address}/v1/public/forms/nobody.x`)).status).toBe(404);
  });

  it.each([
    ['asks for nobody', { name: 'F', fields: [{ field: 'title', label: 'T' }] }, 'nobody-asked'],
    ['asks twice', { name: 'F', fields: [FIELDS[1], FIELDS[1]] }, 'asked-twice'],
    ['leads to no page', { name: 'F', fields: FIELDS, redirectUrl: 'javascript:alert(1)' }, 'no-page'],
  ])('cannot be made where it %s', async (_, fields, code) => {
    expect(await problemOf(api.post('/v1/forms', fields))).toMatchObject({ status: 400, code });
  });
});
