import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { type Api, type Fields, type List, type Method, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(() => rapport.stop());

const PASSWORD = 'an engine that weaves patterns';
const EMAIL = 'ada@example.org';

/** What a browser sends from a page of ours, with the cookie that it keeps. */
const browse = (method: Method, path: string, body?: object, cookie = ''): Promise<Response> =>
  fetch(api.address + path, {
    method,
    headers: {
      origin: api.address,
      ...(cookie && { cookie }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
const cookieIn = (response: Response): string => response.headers.get('set-cookie')!.split(';')[0]!;
const signIn = (password: string): Promise<Response> => browse('POST', '/v1/sessions', { email: EMAIL, password });
const statusOf = async (cookie: string): Promise<number> => (await browse('GET', '/v1/me', undefined, cookie)).status;
const out = async (cookie: string): Promise<void> => {
  while ((await statusOf(cookie)) !== 401);
};

/** What an app shows for a secret (RFC 6238). */
const codeOf = (secret: string, now: number): string => {
  const bits = [...secret].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const key = Buffer.from(
    bits
      .join('')
      .match(/.{8}/g)!
      .map((eight) => Number.parseInt(eight, 2)),
  );
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const digest = createHmac('sha1', key).update(step).digest();
  return String((digest.readUInt32BE(digest[19]! & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
};

describe('somebody who is invited', () => {
  let user: Fields;
  let cookie: string;

  it('chooses a password with a link that works once, and is in', async () => {
    const { data } = await api.get<List<Fields>>(`/v1/roles?filter=${encodeURIComponent('builtIn = "sales"')}`);
    user = await api.post('/v1/users', { name: 'Ada Lovelace', email: EMAIL, roleIds: [data[0]!.id] });
    const { url } = await api.post<{ url: string }>(`/v1/users/${user.id}:invite`);
    expect(url.startsWith(`${api.address}/sign-in#link_main_`)).toBe(true);
    const link = url.slice(url.indexOf('#') + 1);
    const weak = await browse('POST', '/v1/passwords', { link, password: 'Password1234' });
    expect([weak.status, await weak.json()]).toMatchObject([400, { code: 'password-common' }]);
    const chosen = await browse('POST', '/v1/passwords', { link, password: PASSWORD });
    expect(chosen.status).toBe(201);
    cookie = cookieIn(chosen);
    expect((await browse('POST', '/v1/passwords', { link, password: PASSWORD })).status).toBe(410);
    const me = await browse('GET', '/v1/me', undefined, cookie);
    expect(await me.json()).toMatchObject({
      actor: { kind: 'user', id: user.id },
      name: 'Ada Lovelace',
      roles: ['sales'],
    });
  });

  it('works under the own name, as far as the role goes', async () => {
    const created = await browse('POST', '/v1/accounts', { name: 'Analytical Engines' }, cookie);
    expect(created.status).toBe(201);
    const { id } = (await created.json()) as Fields;
    const history = await api.get<List<Fields>>(`/v1/accounts/${id}/history`);
    expect(history.data[0]).toMatchObject({ actor: { kind: 'user', id: user.id } });
    expect((await browse('POST', '/v1/users', { name: 'Eve' }, cookie)).status).toBe(403);
  });

  it('sees the own sessions, and ends one', async () => {
    const second = cookieIn(await signIn(PASSWORD));
    const listed = (await (await browse('GET', '/v1/sessions', undefined, cookie)).json()) as List<Fields>;
    expect(listed).toMatchObject({ data: [{}, {}] });
    const { data } = listed;
    expect((await browse('DELETE', `/v1/sessions/${data[0]!.id}`, undefined, cookie)).status).toBe(200);
    await out(second);
    expect(await statusOf(cookie)).toBe(200);
  });

  it('is not let in with another password, and nobody is told whether there is such a user', async () => {
    const wrong = await signIn('another engine');
    const nobody = await browse('POST', '/v1/sessions', { email: 'eve@example.org', password: PASSWORD });
    const said = async (response: Response) => {
      const { correlationId: _, ...problem } = (await response.json()) as Fields;
      return [response.status, problem];
    };
    expect(await said(wrong)).toEqual(await said(nobody));
    expect(wrong.status).toBe(401);
  });

  it('may ask for a second factor, and has codes for when the app is lost', async () => {
    const own = async <T>(path: string, body: object = {}): Promise<T> =>
      (await (await browse('POST', `/v1/second-factor${path}`, body, cookie)).json()) as T;
    const { secret } = await own<{ secret: string }>('');
    const { codes } = await own<{ codes: string[] }>(':confirm', { code: codeOf(secret, Date.now()) });
    const withCode = (code?: string) => browse('POST', '/v1/sessions', { email: EMAIL, password: PASSWORD, code });
    expect([(await withCode()).status, await (await withCode()).json()]).toMatchObject([401, { code: 'code-needed' }]);
    expect((await withCode('000000')).status).toBe(401);
    expect((await withCode(codes[0])).status).toBe(201);
    expect((await withCode(codes[0])).status).toBe(401);
    expect(await own(':remove', { code: codes[1]! })).toMatchObject({ active: false });
    expect((await withCode()).status).toBe(201);
  });

  it('is out at once when deactivated, in open streams too, and comes back with the password', async () => {
    const stream = await browse('GET', '/v1/events/stream?after=now', undefined, cookie);
    const reader = stream.body!.getReader();
    await reader.read();
    await api.post(`/v1/users/${user.id}:deactivate`);
    await out(cookie);
    for (let part = await reader.read(); !part.done;) part = await reader.read();
    expect((await signIn(PASSWORD)).status).toBe(401);
    await api.post(`/v1/users/${user.id}:activate`);
    expect((await signIn(PASSWORD)).status).toBe(201);
  });

  it('is out everywhere once another password is chosen, and after a restart as before', async () => {
    const before = cookieIn(await signIn(PASSWORD));
    const { url } = await api.post<{ url: string }>(`/v1/users/${user.id}:invite`);
    const asked = { link: url.slice(url.indexOf('#') + 1), password: `${PASSWORD} of all kinds` };
    const after = cookieIn(await browse('POST', '/v1/passwords', asked));
    await out(before);
    await rapport.restart();
    ({ api } = rapport);
    expect(await statusOf(after)).toBe(200);
    expect(await statusOf(before)).toBe(401);
    expect((await browse('DELETE', '/v1/sessions/current', undefined, after)).status).toBe(204);
    await out(after);
  });
});
