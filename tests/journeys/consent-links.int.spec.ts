import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, eventually, type Fields, MailBox, problemOf, Rapport } from './support/index.js';

const PUBLIC = 'http://crm.example.org';
let rapport: Rapport;
let api: Api;
let box: MailBox;
beforeAll(async () => {
  box = await MailBox.open();
  rapport = await Rapport.start({ ...box.settings, RAPPORT_PUBLIC_URL: PUBLIC });
  ({ api } = rapport);
});
afterAll(async () => {
  await rapport.stop();
  await box.close();
});

const SAID = { channel: 'email', topic: 'newsletter', purpose: 'marketing' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };
const standings = async (address: string): Promise<readonly Fields[]> =>
  (await api.get<{ data: Fields[] } & Fields>(`/v1/consent-standings?address=${address}`)).data;
/** What somebody did by a link is no write of one's own. */
const standAs = (address: string, ...states: readonly string[]): Promise<unknown> =>
  eventually(async () => {
    const found = await standings(address);
    return JSON.stringify(found.map(({ state }) => state)) === JSON.stringify(states);
  });
const here = (url: string): string => url.replace(PUBLIC, api.address);
const click = (url: string, body: string = 'List-Unsubscribe=One-Click'): Promise<Response> =>
  fetch(here(url), { method: 'POST', headers: FORM_TYPE, body });
const askWith = (form: string, address: string): Promise<Response> =>
  fetch(`${api.address}/consent-requests`, {
    ...{ method: 'POST', headers: FORM_TYPE },
    body: new URLSearchParams({ form, address }).toString(),
  });

describe('a link to unsubscribe with one click', () => {
  let contactId: string;
  let link: { readonly url: string } & Fields;
  const entries = async (): Promise<number> => {
    const filter = encodeURIComponent(`contactId = "${contactId}"`);
    return (await api.get<{ data: Fields[] } & Fields>(`/v1/consents?filter=${filter}`)).data.length;
  };
  beforeAll(async () => {
    const address = 'ada@example.org';
    ({ id: contactId } = await api.post<Fields>('/v1/contacts', { lastName: 'Lovelace', email: address }));
    const grant = { ...SAID, contactId, address, state: 'granted', legalBasis: 'legitimate-interest', source: 'fair' };
    await api.post('/v1/consents', grant);
    link = await api.post('/v1/unsubscribe-links', { contactId, address, channel: 'email', topic: 'newsletter' });
  });

  it('says what goes into the headers of a mail, and nothing about whom it is for', () => {
    expect(link).toEqual({
      url: expect.stringContaining(`${PUBLIC}/unsubscribe/`),
      listUnsubscribe: `<${link.url}>`,
      listUnsubscribePost: 'List-Unsubscribe=One-Click',
    });
    expect(Buffer.from(link.url.split('.').at(-1)!, 'base64url').toString('latin1')).not.toContain('ada');
  });

  it('does nothing when it is looked at, and withdraws when it is followed, however often', async () => {
    const page = await fetch(here(link.url));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<form method="post">');
    expect(await standings('ada@example.org')).toMatchObject([{ state: 'granted' }]);
    const multipart = new FormData();
    multipart.set('List-Unsubscribe', 'One-Click');
    expect((await fetch(here(link.url), { method: 'POST', body: multipart })).status).toBe(200);
    await standAs('ada@example.org', 'withdrawn', 'withdrawn');
    await click(link.url);
    expect(await entries()).toBe(2);
  });

  it('is answered alike whether it is one or not, and whoever it is for', async () => {
    const answered = async (url: string) => {
      const response = await click(url);
      return [response.status, await response.text()];
    };
    const valid = await answered(link.url);
    const damaged = `${link.url.slice(0, -4)}AAAA`;
    const others = [damaged, `${PUBLIC}/unsubscribe/nothing`, `${PUBLIC}/unsubscribe/elsewhere.AAAA`];
    for (const url of others) expect(await answered(url)).toEqual(valid);
    const unknown = await api.post<{ url: string } & Fields>('/v1/unsubscribe-links', {
      ...{ address: 'nobody@example.org', channel: 'email' },
    });
    expect(await answered(unknown.url)).toEqual(valid);
    await standAs('nobody@example.org', 'withdrawn');
    expect(await answered(link.url.replace('/unsubscribe/', '/subscribe/'))).toEqual(valid);
    expect(await standings('ada@example.org')).toMatchObject([{ state: 'withdrawn' }, { state: 'withdrawn' }]);
  });

  it('is made by who may record what is consented to', async () => {
    const viewer = await api.clientFor(['viewer']);
    const asked = { address: 'ada@example.org', channel: 'email' };
    expect(await problemOf(viewer.post('/v1/unsubscribe-links', asked))).toMatchObject({ status: 403 });
    expect(await problemOf(api.post('/v1/unsubscribe-links', { ...asked, channel: 'pigeon' }))).toMatchObject({
      status: 400,
    });
  });
});

describe('somebody who fills in a form', () => {
  let form: string;
  const confirmation = (n: number): string => /http\S+\/subscribe\/\S+/.exec(box.letters[n]!.text)![0];
  beforeAll(async () => {
    const made = { topic: 'newsletter', purpose: 'marketing', textVersion: '3', text: 'Yes, write to me.' };
    ({ form } = await api.post<{ form: string } & Fields>('/v1/consent-forms', made));
  });

  it('has consented once the link that was sent to the address is followed', async () => {
    expect((await askWith(form, 'grace@example.org')).status).toBe(202);
    await eventually(() => box.letters.length === 1);
    expect(await standings('grace@example.org')).toEqual([]);
    expect((await click(confirmation(0), '')).status).toBe(200);
    await click(confirmation(0), '');
    await standAs('grace@example.org', 'granted');
    const [standing, ...others] = await standings('grace@example.org');
    expect([standing, others]).toMatchObject([{ state: 'granted', topic: 'newsletter' }, []]);
    expect(await api.get(`/v1/consents/${standing!['consentId'] as string}`)).toMatchObject({
      ...{ byPerson: true, textVersion: '3', text: expect.stringMatching(/^sha256:/), legalBasis: 'consent' },
      actor: { kind: 'system', id: 'consent-link' },
    });
  });

  it('lifts the suppression of that address, which no administrator can', async () => {
    const email = 'back@example.org';
    const { id } = await api.post<Fields>('/v1/contacts', { lastName: 'Back', email });
    await api.post(`/v1/contacts/${id}:erase`);
    const create = () => api.post('/v1/contacts', { lastName: 'Back', email });
    expect(await problemOf(create())).toMatchObject({ code: 'suppressed' });
    await askWith(form, email);
    await eventually(() => box.letters.length === 2);
    expect(await problemOf(create())).toMatchObject({ code: 'suppressed' });
    await click(confirmation(1), '');
    expect(await create()).toMatchObject({ email });
  });

  it('is told nothing, and sent nothing, with a form that Rapport has not made', async () => {
    for (const wrong of [`${form}x`, 'main.AAAA', 'nothing'])
      expect((await askWith(wrong, 'mallory@example.org')).status).toBe(202);
    expect((await askWith(form, 'no address')).status).toBe(202);
    expect((await askWith('', 'mallory@example.org')).status).toBe(400);
    await askWith(form, 'last@example.org');
    await eventually(() => box.letters.some(({ to }) => to.includes('last@example.org')));
    expect(box.letters).toHaveLength(3);
  });

  it('gets the letter once, however often it is refused, and whatever becomes of the process meanwhile', async () => {
    const lettersTo = (address: string): number => box.letters.filter(({ to }) => to.includes(address)).length;
    box.refusing = 2;
    expect((await askWith(form, 'patient@example.org')).status).toBe(202);
    await eventually(() => lettersTo('patient@example.org') === 1);
    expect(box.refusing).toBe(0);
    box.refusing = Infinity;
    expect((await askWith(form, 'later@example.org')).status).toBe(202);
    await rapport.restart();
    ({ api } = rapport);
    box.refusing = 0;
    await eventually(() => lettersTo('later@example.org') === 1);
    await click(confirmation(box.letters.length - 1), '');
    await standAs('later@example.org', 'granted');
    expect([lettersTo('patient@example.org'), lettersTo('later@example.org')]).toEqual([1, 1]);
  });

  it('waits longer and longer for more letters to one address', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 8; n += 1) statuses.push((await askWith('nothing', 'many@example.org')).status);
    expect(statuses.at(-1)).toBe(429);
  });
});
