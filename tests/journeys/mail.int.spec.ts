import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, eventually, type Fields, type List, MailBox, Rapport, type Received } from './support/index.js';

const PUBLIC = 'http://crm.example.org';
const EMAIL = 'ada@example.org';
let rapport: Rapport;
let api: Api;
let box: MailBox;
let user: Fields;

beforeAll(async () => {
  box = await MailBox.open();
  rapport = await Rapport.start({ ...box.settings, RAPPORT_PUBLIC_URL: PUBLIC });
  ({ api } = rapport);
});
afterAll(async () => {
  await rapport.stop();
  await box.close();
});

const post = (path: string, body: object): Promise<Response> =>
  fetch(api.address + path, {
    method: 'POST',
    headers: { origin: PUBLIC, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const linkIn = ({ text }: Received): string => /#(link_\S+)/.exec(text)![1]!;
const choose = (link: string, password: string): Promise<Response> => post('/v1/passwords', { link, password });

describe('a link to choose a password with', () => {
  it('goes to whom it is for, once, also where the server takes nothing at first', async () => {
    user = await api.post('/v1/users', { name: 'Ada', email: EMAIL });
    box.refusing = 2;
    expect(await api.post(`/v1/users/${user.id}:invite`)).toMatchObject({ url: '', mailed: true });
    await eventually(() => box.letters.length === 1);
    const [letter] = box.letters;
    expect(letter).toMatchObject({ to: [EMAIL], text: expect.stringContaining(`${PUBLIC}/sign-in#link_main_`) });
    expect((await choose(linkIn(letter!), 'weaves algebraical patterns')).status).toBe(201);
  });

  it('is not sent again after a restart', async () => {
    await rapport.restart();
    ({ api } = rapport);
    const cy = await api.post('/v1/users', { name: 'Cy', email: 'cy@example.org' });
    await api.post(`/v1/users/${cy.id}:invite`);
    await eventually(() => box.letters.length > 1);
    expect(box.letters.map(({ to }) => to[0])).toEqual([EMAIL, 'cy@example.org']);
    expect(new Set(box.letters.map(({ id }) => id)).size).toBe(2);
  });

  it('is sent to who has forgotten it, and tells nobody who is there', async () => {
    const asked = [await post('/v1/password-resets', { email: 'nobody@example.org' })];
    asked.push(
      await post('/v1/password-resets', { email: EMAIL }),
      await post('/v1/password-resets', { email: EMAIL }),
    );
    expect(await Promise.all(asked.map(async (answer) => [answer.status, await answer.text()]))).toEqual(
      Array.from({ length: 3 }, () => [202, '{}']),
    );
    await eventually(() => box.letters.length === 3);
    expect(box.letters[2]).toMatchObject({ to: [EMAIL], text: expect.stringContaining('another password') });
    expect((await choose(linkIn(box.letters[2]!), 'engines of difference')).status).toBe(201);
    expect((await post('/v1/sessions', { email: EMAIL, password: 'engines of difference' })).status).toBe(201);
    const statuses: number[] = [];
    while (!statuses.includes(429))
      statuses.push((await post('/v1/password-resets', { email: 'x@example.org' })).status);
    expect(statuses.slice(0, 5)).toEqual([202, 202, 202, 202, 202]);
  });

  it('is nowhere to be read but in the letter', async () => {
    const { data } = await api.get<List<Fields>>('/v1/users');
    const secret = linkIn(box.letters[0]!);
    expect(JSON.stringify(data)).not.toContain(secret);
  });
});
