import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SoftwarePasskey } from '@rapport/testing';
import {
  type Api,
  browse,
  cookieIn,
  eventually,
  type Fields,
  type List,
  MailBox,
  type Method,
  Rapport,
} from './support/index.js';

const PAGE = 'https://crm.example.org';
const PASSWORD = 'an engine that weaves patterns';
const NEXT = 'algebraical patterns in silk';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
let rapport: Rapport;
let api: Api;
let box: MailBox;
let user: Fields;
let cookie: string;

const send = (method: Method, path: string, body?: object, kept?: string, agent?: string): Promise<Response> =>
  browse(api.address, method, path, {
    origin: PAGE,
    ...(body && { body }),
    ...(kept && { cookie: kept }),
    ...(agent && { agent }),
  });
const answered = async <T = Fields>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T;
const signIn = (password: string, agent?: string): Promise<Response> =>
  send('POST', '/v1/sessions', { email: 'ada@example.org', password }, undefined, agent);
const change = (body: object): Promise<Response> => send('POST', '/v1/passwords', body, cookie);
const codeOf = async (response: Response): Promise<[number, unknown]> => [
  response.status,
  ((await response.json()) as Fields)['code'],
];
const letters = (text: string) => box.letters.filter((each) => each.text.includes(text)).length;
const kinds = async (): Promise<unknown[]> =>
  (await answered<List<Fields>>(send('GET', '/v1/notifications', undefined, cookie))).data.map(({ what }) => what);

beforeAll(async () => {
  box = await MailBox.open();
  rapport = await Rapport.start({
    ...box.settings,
    RAPPORT_PUBLIC_URL: PAGE,
  });
  ({ api } = rapport);
  const roles = await api.get<List<Fields>>(`/v1/roles?filter=${encodeURIComponent('builtIn = "administrator"')}`);
  user = await api.post('/v1/users', { name: 'Ada Lovelace', email: 'ada@example.org', roleIds: [roles.data[0]!.id] });
  await api.post(`/v1/users/${user.id}:invite`);
  await eventually(() => box.letters.length > 0);
  const link = /#(link_\S+)/.exec(box.letters[0]!.text)![1]!;
  cookie = cookieIn(await send('POST', '/v1/passwords', { link, password: PASSWORD }));
});
afterAll(async () => {
  await rapport.stop();
  await box.close();
});

describe('somebody who has signed in', () => {
  it('changes the password with the present one, and is told by mail', async () => {
    expect(await codeOf(await change({ current: 'another one entirely', password: NEXT }))).toEqual([
      400,
      'password-wrong',
    ]);
    expect(await codeOf(await change({ current: PASSWORD, password: 'short' }))).toEqual([400, 'password-short']);
    expect((await send('POST', '/v1/passwords', { current: PASSWORD, password: NEXT })).status).toBe(401);
    const before = cookie;
    const changed = await change({ current: PASSWORD, password: NEXT });
    expect(changed.status).toBe(201);
    cookie = cookieIn(changed);
    expect((await signIn(PASSWORD)).status).toBe(401);
    await eventually(async () => (await send('GET', '/v1/me', undefined, before)).status === 401);
    await eventually(() => letters('Your password was changed') === 1);
    expect(await kinds()).toContain('PasswordSet');
  });

  it('is told of a device that was not seen before, and not of one that was', async () => {
    expect((await signIn(NEXT, FIREFOX)).status).toBe(201);
    await eventually(() => letters('from a device that was not seen') === 1);
    expect((await signIn(NEXT, FIREFOX)).status).toBe(201);
    const sessions = await answered<List<Fields>>(send('GET', '/v1/sessions', undefined, cookie));
    expect(sessions.data.map(({ device }) => device)).toContain('Firefox on Linux');
    expect((await change({ current: NEXT, password: `${NEXT} too` })).status).toBe(201);
    await eventually(() => letters('Your password was changed') === 2);
    expect(letters('from a device that was not seen')).toBe(1);
    cookie = cookieIn(await signIn(`${NEXT} too`));
  });

  it('is told of another address', async () => {
    await api.patch(`/v1/users/${user.id}`, { email: 'lovelace@example.org' });
    await eventually(() => letters('another e-mail address') === 1);
    expect(box.letters.at(-1)!.to).toEqual(['lovelace@example.org']);
    await api.patch(`/v1/users/${user.id}`, { email: 'ada@example.org' });
    await eventually(() => letters('another e-mail address') === 2);
  });

  it('cannot have news about the own account kept quiet', async () => {
    for (const muted of [['sign-in'], ['ways-in']])
      expect((await send('PATCH', '/v1/preferences', { muted }, cookie)).status).toBe(400);
  });
});

describe('an organisation that wants more than a password of administrators', () => {
  it('lets them do nothing but look after their account, until they have a passkey', async () => {
    const me = async (kept: string) =>
      (await answered<{ permissions: string[] }>(send('GET', '/v1/me', undefined, kept))).permissions;
    expect((await me(cookie)).length).toBeGreaterThan(1);
    expect((await send('PATCH', '/v1/tenant', { secondFactor: 'sometimes' }, cookie)).status).toBe(400);
    await api.patch('/v1/tenant', { secondFactor: 'administrators' });
    await eventually(async () => (await me(cookie)).join() === 'self.read');
    expect((await send('GET', '/v1/users', undefined, cookie)).status).toBe(403);
    expect(await answered(send('GET', '/v1/second-factor', undefined, cookie))).toMatchObject({ demanded: true });
    const device = new SoftwarePasskey(PAGE);
    const proposal = await answered(send('POST', '/v1/passkeys:propose', undefined, cookie));
    const said = { name: 'Key', ...device.create(proposal as never) };
    expect((await send('POST', '/v1/passkeys', said, cookie)).status).toBe(200);
    const asked = await answered<{ challenge: string; rpId: string }>(send('POST', '/v1/passkey-challenges', {}));
    const strong = cookieIn(await send('POST', '/v1/sessions', { passkey: device.get(asked) }));
    expect((await me(strong)).length).toBeGreaterThan(1);
    expect(await me(cookie)).toEqual(['self.read']);
    await eventually(() => letters('A passkey was added') === 1);
    // Keys are no sessions.
    expect((await api.get<Fields>('/v1/me'))['permissions']).toContain('identity.write');
    await api.patch('/v1/tenant', { secondFactor: null });
    await eventually(async () => (await me(cookie)).length > 1);
  });
});

describe('attempts that are held back', () => {
  it('are noted in the audit trail, once a minute', async () => {
    let held = 0;
    for (let n = 0; n < 9; n += 1) if ((await signIn('a wrong one, always')).status === 429) held += 1;
    expect(held).toBeGreaterThan(1);
    const filter = encodeURIComponent(`code = "sign-in-locked" AND personId = "${user.id}"`);
    const noted = () => api.get<List<Fields>>(`/v1/audit/identity/entries?filter=${filter}`);
    await eventually(async () => (await noted()).data.length === 1);
  });
});
