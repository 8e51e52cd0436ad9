import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SoftwarePasskey } from '@rapport/testing';
import {
  type Api,
  browse,
  cookieIn,
  eventually,
  type Fields,
  type List,
  type Method,
  Rapport,
} from './support/index.js';

const PAGE = 'https://crm.example.org';
const PASSWORD = 'an engine that weaves patterns';
let rapport: Rapport;
let api: Api;
let user: Fields;
let cookie: string;
const laptop = new SoftwarePasskey(PAGE);
const phone = new SoftwarePasskey(PAGE, 'Ed25519');

const send = (method: Method, path: string, body?: object, kept?: string, origin = PAGE): Promise<Response> =>
  browse(api.address, method, path, { origin, ...(body && { body }), ...(kept && { cookie: kept }) });
const answered = async <T = Fields>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T;
const challenge = () => answered<{ challenge: string; rpId: string }>(send('POST', '/v1/passkey-challenges', {}));
const signIn = (passkey: object): Promise<Response> => send('POST', '/v1/sessions', { passkey });
const enrol = async (device: SoftwarePasskey, name: string): Promise<Fields> => {
  const proposal = await answered(send('POST', '/v1/passkeys:propose', undefined, cookie));
  const said = device.create(proposal as never);
  return answered(send('POST', '/v1/passkeys', { name, ...said }, cookie));
};
const listed = () => answered<List<Fields>>(send('GET', '/v1/passkeys', undefined, cookie));

beforeAll(async () => {
  rapport = await Rapport.start({ RAPPORT_PUBLIC_URL: PAGE });
  ({ api } = rapport);
  user = await api.post('/v1/users', { name: 'Ada Lovelace', email: 'ada@example.org' });
  const { url } = await api.post<{ url: string }>(`/v1/users/${user.id}:invite`);
  const link = url.slice(url.indexOf('#') + 1);
  cookie = cookieIn(await send('POST', '/v1/passwords', { link, password: PASSWORD }));
});
afterAll(() => rapport.stop());

describe('somebody who has signed in', () => {
  it('enrols two devices, and comes in with each, as often as they like', async () => {
    expect(await enrol(laptop, 'Laptop')).toMatchObject({ name: 'Laptop' });
    expect(await enrol(phone, 'Phone')).toMatchObject({ name: 'Phone' });
    for (const device of [laptop, phone, laptop]) {
      const response = await signIn(device.get(await challenge()));
      expect(response.status).toBe(201);
      expect(response.headers.get('set-cookie')).toMatch(/^__Host-rapport=.*HttpOnly; SameSite=Strict; Secure$/);
      const me = send('GET', '/v1/me', undefined, cookieIn(response));
      expect(await answered(me)).toMatchObject({ actor: { kind: 'user', id: user.id } });
    }
    expect(await listed()).toMatchObject({ data: [{ name: 'Laptop' }, { name: 'Phone' }] });
  });

  it('is told what is wrong with a body, and nothing about why one is not let in', async () => {
    const sound = laptop.get(await challenge());
    const { signature: _, ...unsigned } = sound;
    for (const [passkey, status, code] of [
      [unsigned, 400, 'invalid-request'],
      ['text', 400, 'invalid-request'],
      [{ ...sound, signature: 'AAAA' }, 401, 'sign-in-refused'],
      [laptop.get(await challenge(), { origin: 'https://evil.example' }), 401, 'sign-in-refused'],
      [laptop.get(await challenge(), { rpId: 'evil.example' }), 401, 'sign-in-refused'],
      [laptop.get(await challenge(), { unverified: true }), 401, 'sign-in-refused'],
      [{ ...sound, id: phone.id }, 401, 'sign-in-refused'],
    ] as const) {
      const response = await send('POST', '/v1/sessions', { passkey });
      expect([response.status, ((await response.json()) as Fields).code]).toEqual([status, code]);
      // Whoever fails too often waits.
      expect((await signIn(laptop.get(await challenge()))).status).toBe(201);
    }
    expect((await signIn(sound)).status).toBe(401);
    const foreign = await send('POST', '/v1/passkey-challenges', {}, undefined, 'https://evil.example');
    expect(foreign.status).toBe(403);
  });

  it('may send an answer once', async () => {
    const said = phone.get(await challenge());
    expect((await signIn(said)).status).toBe(201);
    expect((await signIn(said)).status).toBe(401);
  });

  it('finds each in the audit trail, without what makes a passkey one', async () => {
    const all = await api.get<List<Fields>>('/v1/audit/identity/entries?limit=200');
    const whats = new Set(all.data.map(({ what }) => what));
    for (const what of ['PasskeyEnrolled', 'PasskeyUsed', 'SignInFailed']) expect(whats).toContain(what);
    expect(JSON.stringify(all)).not.toContain(laptop.id);
  });

  it('goes on with them after a restart, and takes them away one by one', async () => {
    await rapport.restart();
    ({ api } = rapport);
    const opened = await signIn(laptop.get(await challenge()));
    expect(opened.status).toBe(201);
    const { data } = await listed();
    const [first] = data;
    expect(
      await answered(send('POST', `/v1/passkeys/${first!.id}:rename`, { name: 'Old laptop' }, cookie)),
    ).toMatchObject({
      name: 'Old laptop',
    });
    expect((await send('DELETE', `/v1/passkeys/${first!.id}`, undefined, cookie)).status).toBe(200);
    expect((await signIn(laptop.get(await challenge()))).status).toBe(401);
    expect((await signIn(phone.get(await challenge()))).status).toBe(201);
  });
});

describe('passkeys', () => {
  it('are nobody’s to see with a key', async () => {
    const { secret } = await api.post('/v1/api-keys', { name: 'Key', userId: user.id });
    const response = await fetch(`${api.address}/v1/passkeys`, {
      headers: { authorization: `Bearer ${String(secret)}` },
    });
    expect([response.status, await response.json()]).toMatchObject([403, { code: 'people-only' }]);
  });

  it('open nothing once their user was deactivated, and nothing again once the user has left', async () => {
    await api.post(`/v1/users/${user.id}:deactivate`);
    expect((await signIn(phone.get(await challenge()))).status).toBe(401);
    await api.post(`/v1/users/${user.id}:activate`);
    const opened = await signIn(phone.get(await challenge()));
    expect(opened.status).toBe(201);
    const successor = await api.post('/v1/users', { name: 'Bo', email: 'bo@example.org' });
    await api.post(`/v1/users/${user.id}:leave`, { successorId: successor.id });
    await api.post(`/v1/users/${user.id}:activate`);
    expect((await signIn(phone.get(await challenge()))).status).toBe(401);
    await eventually(async () => (await send('GET', '/v1/me', undefined, cookie)).status === 200);
    expect(await listed()).toEqual({ data: [] });
  });
});
