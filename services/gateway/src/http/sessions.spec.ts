import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identityV1 } from '@rapport/contracts';
import { DomainError, newId } from '@rapport/kernel';
import { fakeContacts, FakeBackend } from '../testing/fake-context.js';
import { type OpenGateway, openGateway } from '../testing/open-gateway.js';

const id = newId();
const secret = `session_main_${id.replaceAll('-', '')}_${'x'.repeat(32)}`;
const link = `link_main_${id.replaceAll('-', '')}_${'y'.repeat(32)}`;
const credentials = { email: 'ada@example.org', password: 'weaves patterns' };
const opened = { secret, userId: 'u1', expiresAt: '2026-01-15T00:00:00.000Z' };

let door: OpenGateway;
let now: number;
let identity: FakeBackend;
let isClosed: boolean;
let signedInAt: string | undefined;

const open = async (config = {}): Promise<void> => {
  const contacts = { name: 'contacts', importKinds: [], backend: fakeContacts() };
  const contexts = [contacts, { name: 'identity', importKinds: [], backend: identity }];
  door = await openGateway({ contexts, ticks: () => now, config });
};

beforeEach(async () => {
  now = 1_000;
  isClosed = false;
  signedInAt = undefined;
  identity = new FakeBackend({
    'identity.v1.CredentialsService.resolve': async () => {
      const who = {
        tenant: 'main',
        id,
        name: 'Ada',
        userId: 'u1',
        roles: ['viewer'],
        permissions: ['contacts.read', 'contacts.write', 'access.write'],
      };
      return identityV1.Credential.fromPartial({ ...who, signedInAt, state: isClosed ? 'ended' : 'valid' });
    },
    'identity.v1.CredentialsService.openSession': async ({ password }: identityV1.OpenSessionRequest) => {
      if (password === credentials.password) return opened;
      throw new DomainError('forbidden', 'sign-in-refused', 'No.');
    },
    'identity.v1.CredentialsService.choosePassword': async () => opened,
    'identity.v1.CredentialsService.closeOpenedSession': async () => {
      isClosed = true;
      return {};
    },
    'identity.v1.UsersService.inviteUser': async () => ({ url: `/sign-in#${link}`, expiresAt: opened.expiresAt }),
  });
  await open();
});
afterEach(() => door.close());

type Given = Record<string, string>;
const send = (method: string, path: string, body?: object, headers: Given = {}): Promise<Response> => {
  const content = body && { body: JSON.stringify(body) };
  const type: Given = body ? { 'content-type': 'application/json' } : {};
  return door.fetch(path, { method, token: null, headers: { ...type, ...headers }, ...content });
};
const ours = (): Given => ({ origin: door.gateway.address });
const withCookie = (more: Given = ours()): Given => ({ cookie: `theme=dark; rapport=${secret}`, ...more });
const codeOf = async (response: Response): Promise<[number, string]> => {
  const { code } = (await response.json()) as { code: string };
  return [response.status, code];
};

describe('signing in', () => {
  it('puts the session into a cookie, and nowhere else', async () => {
    const response = await send('POST', '/v1/sessions', credentials, ours());
    expect([response.status, await response.json()]).toEqual([201, { userId: 'u1', expiresAt: opened.expiresAt }]);
    const cookie = response.headers.get('set-cookie')!;
    expect(response.headers.get('strict-transport-security')).toBe(null);
    expect(cookie).toBe(`rapport=${secret}; Path=/; Expires=Thu, 15 Jan 2026 00:00:00 GMT; HttpOnly; SameSite=Strict`);
  });

  it('behind TLS keeps the cookie to this host and to TLS, and takes no other origin', async () => {
    await door.close();
    await open({ publicUrl: 'https://crm.example.org' });
    const response = await send('POST', '/v1/sessions', credentials, { origin: 'https://crm.example.org' });
    for (const path of ['/v1/me', '/sign-in', '/nothing'])
      expect((await send('GET', path)).headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(response.headers.get('set-cookie')).toMatch(/^__Host-rapport=.*; HttpOnly; SameSite=Strict; Secure$/);
    expect(await codeOf(await send('POST', '/v1/sessions', credentials, ours()))).toEqual([403, 'foreign-origin']);
    const { body } = await door.call<{ url: string }>('POST', `/v1/users/${id}:invite`);
    expect(body.url).toBe(`https://crm.example.org/sign-in#${link}`);
  });

  it('is refused for what is wrong, and after a while not even tried', async () => {
    const wrong = { ...credentials, password: 'wrong' };
    expect((await send('POST', '/v1/sessions', { ...wrong, email: 'x@example.org' }, ours())).status).toBe(401);
    const tries: string[] = [];
    for (let n = 0; n < 7; n += 1) tries.push((await codeOf(await send('POST', '/v1/sessions', wrong, ours())))[1]);
    expect(tries).toEqual([...Array<string>(5).fill('sign-in-refused'), 'sign-in-locked', 'sign-in-locked']);
    const locked = await send('POST', '/v1/sessions', credentials, ours());
    expect([locked.status, locked.headers.get('retry-after')]).toEqual([429, '1']);
    now += 1_000;
    expect((await send('POST', '/v1/sessions', credentials, ours())).status).toBe(201);
  });

  it.each([
    ['no password', { email: 'a@example.org' }, '/password'],
    ['no text', { email: 7, password: 'x' }, '/email'],
    ['nothing', undefined, '/email'],
  ])('says what is missing: %s', async (_, body, pointer) => {
    const response = await send('POST', '/v1/sessions', body, ours());
    expect(response.status).toBe(400);
    expect(((await response.json()) as { errors: { pointer: string }[] }).errors[0]!.pointer).toBe(pointer);
  });

  it('with a link asks identity by the digest of it', async () => {
    const asked = { link, password: 'x', email: 'a@example.org' };
    expect((await send('POST', '/v1/passwords', asked, ours())).status).toBe(201);
    expect(identity.lastCall.request).toMatchObject({ id, password: 'x', email: 'a@example.org' });
    expect(JSON.stringify(identity.lastCall.request)).not.toContain(link);
    for (const no of ['nonsense', secret, link.slice(1)])
      expect(await codeOf(await send('POST', '/v1/passwords', { ...asked, link: no }, ours()))).toEqual([
        410,
        'link-ended',
      ]);
  });

  it('has a page, which loads nothing from elsewhere', async () => {
    const page = await send('GET', '/sign-in');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await page.text();
    for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g))
      expect((await send('GET', path!)).status).toBe(200);
    for (const [, name] of html.matchAll(/<input id="([^"]+)"/g)) expect(html).toContain(`<label for="${name!}">`);
  });
});

describe('a session', () => {
  it('is who has signed in', async () => {
    const me = await send('GET', '/v1/me', undefined, withCookie({}));
    expect(await me.json()).toMatchObject({ actor: { kind: 'user', id: 'u1' }, name: 'Ada' });
    expect((await send('POST', '/v1/contacts', { lastName: 'X' }, withCookie())).status).toBe(201);
  });

  it.each<[string, string, Given]>([
    ['a page of another site that writes', 'POST', { origin: 'https://evil.example' }],
    ['a page of another site that reads', 'GET', { origin: 'https://evil.example' }],
    ['a form without an origin', 'POST', {}],
    ['a page that hides where it is', 'POST', { origin: 'null' }],
    ['a picture on another site', 'GET', { 'sec-fetch-site': 'cross-site' }],
    ['a page beside ours', 'GET', { 'sec-fetch-site': 'same-site' }],
  ])('is not for %s', async (_, method, headers) => {
    const body = method === 'POST' ? { lastName: 'X' } : undefined;
    const answer = await codeOf(await send(method, '/v1/contacts', body, withCookie(headers)));
    expect(answer).toEqual([403, 'foreign-origin']);
    const stream = await send('GET', '/v1/events/stream', undefined, withCookie({ origin: 'https://evil.example' }));
    expect(stream.status).toBe(403);
  });

  it('of longer ago does not change how somebody comes in', async () => {
    const invite = () => send('POST', `/v1/users/${id}:invite`, undefined, withCookie());
    signedInAt = new Date(Date.now() - 16 * 60_000).toISOString();
    expect(await codeOf(await invite())).toEqual([403, 'sign-in-again']);
    expect((await send('GET', '/v1/me', undefined, withCookie({}))).status).toBe(200);
    await door.close();
    signedInAt = new Date().toISOString();
    await open();
    expect((await invite()).status).toBe(200);
  });

  it('is no key, and a key no session', async () => {
    expect((await send('GET', '/v1/me', undefined, { authorization: `Bearer ${secret}` })).status).toBe(401);
    const key = secret.replace('session_', 'rapport_');
    expect((await send('GET', '/v1/me', undefined, { cookie: `rapport=${key}` })).status).toBe(401);
  });

  it('is over after signing out, and signing out twice is no fault', async () => {
    const out = await send('DELETE', '/v1/sessions/current', undefined, withCookie());
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringMatching(/^rapport=; .*1970/)]);
    expect((await send('GET', '/v1/me', undefined, withCookie({}))).status).toBe(401);
    expect((await send('DELETE', '/v1/sessions/current', undefined, withCookie())).status).toBe(204);
    expect((await send('DELETE', '/v1/sessions/current', undefined, ours())).status).toBe(204);
  });
});

describe('the public address', () => {
  it.each(['ftp://x.example', 'https://x.example/path', 'x.example'])(
    'is an address without a path, not %s',
    async (publicUrl) => {
      await door.close();
      await expect(open({ publicUrl })).rejects.toMatchObject({ code: 'bad-configuration' });
      await open();
    },
  );
});
