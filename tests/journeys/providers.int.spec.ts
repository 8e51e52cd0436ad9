import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, Browser, type Fields, type List, problemOf, Rapport, SignInProvider } from './support/index.js';

const CLIENT = { clientId: 'rapport', clientSecret: 'a-secret-that-is-shown-to-nobody' };

let rapport: Rapport;
let api: Api;
let provider: SignInProvider;
let id: string;

beforeAll(async () => {
  rapport = await Rapport.start({ RAPPORT_PRIVATE_ADDRESSES: '127.0.0.0/8' });
  ({ api } = rapport);
  const redirectUri = `${api.address}/sign-in/callback`;
  provider = await SignInProvider.start({ id: CLIENT.clientId, secret: CLIENT.clientSecret, redirectUri });
  const roles = [{ group: 'sellers', roleId: await roleCalled('sales') }];
  const scopes = 'openid profile email groups';
  const made = await api.post('/v1/sign-in-providers', {
    ...{ name: 'Acme', issuer: provider.issuer, ...CLIENT, scopes, roles, createsUsers: true },
  });
  id = made.id;
});
afterAll(async () => {
  await provider.stop();
  await rapport.stop();
});

const roleCalled = async (name: string): Promise<string> => {
  const { data } = await api.get<List<Fields>>(`/v1/roles?filter=${encodeURIComponent(`builtIn = "${name}"`)}`);
  return data[0]!.id;
};
const away = (): string => `${api.address}/sign-in/providers/${id}`;
/** From the page for signing in to the provider and back, as far as the page. */
const signIn = async (person: string, browser = new Browser()): Promise<{ said: string; browser: Browser }> => {
  provider.person = person;
  const { address } = await browser.follow(away(), [`${api.address}/sign-in#`]);
  return { said: new URL(address).hash.slice(1), browser };
};
const me = async (browser: Browser): Promise<object> =>
  (await (await browser.open(`${api.address}/v1/me`)).json()) as object;

describe('somebody whom a provider knows', () => {
  it('comes in by it, with the roles of the groups of that day', async () => {
    provider.people.set('u-1', { email: 'ada@acme.example', email_verified: true, name: 'Ada', groups: ['sellers'] });
    const { said, browser } = await signIn('u-1');
    expect(said).toBe('signed-in');
    expect(await me(browser)).toMatchObject({ name: 'Ada', roles: ['sales'], actor: { kind: 'user' } });
    provider.people.set('u-1', { email: 'ada@acme.example', email_verified: true, name: 'Ada', groups: [] });
    const again = await signIn('u-1');
    expect(await me(again.browser)).toMatchObject({ roles: [] });
    const { data } = await api.get<List<Fields>>('/v1/users');
    expect(data.filter((user) => user['email'] === 'ada@acme.example')).toHaveLength(1);
  });

  it('comes in with keys that were changed', async () => {
    provider.changeKeys();
    expect((await signIn('u-1')).said).toBe('signed-in');
  });

  it('is nobody else: an address that somebody has here is not theirs', async () => {
    await api.post('/v1/users', { name: 'Bo', email: 'bo@acme.example' });
    provider.people.set('u-2', { email: 'bo@acme.example', email_verified: true });
    expect((await signIn('u-2')).said).toBe('sign-in-refused');
  });

  it('is not woken when they were sent away, and not let in unless that was asked for here', async () => {
    const { data } = await api.get<List<Fields>>('/v1/users');
    const ada = data.find((user) => user['email'] === 'ada@acme.example')!;
    await api.post(`/v1/users/${ada.id}:deactivate`);
    expect((await signIn('u-1')).said).toBe('sign-in-refused');
    await api.patch(`/v1/sign-in-providers/${id}`, { createsUsers: false });
    provider.people.set('u-3', { name: 'Cy' });
    expect((await signIn('u-3')).said).toBe('sign-in-refused');
    await api.patch(`/v1/sign-in-providers/${id}`, { createsUsers: true });
    expect((await signIn('u-3')).said).toBe('signed-in');
  });

  it('has to come back as they went', async () => {
    provider.person = 'u-3';
    const callback = `${api.address}/sign-in/callback`;
    const [browser, other] = [new Browser(), new Browser()];
    const { address } = await browser.follow(away(), [callback]);
    const answer = async (by: Browser, came: string): Promise<string | null> =>
      (await by.open(came)).headers.get('location');
    expect(await answer(other, address)).toBe('/sign-in#sign-in-not-begun');
    await other.follow(away(), [callback]);
    expect(await answer(other, address)).toBe('/sign-in#provider-refused');
    const forged = new URL(address);
    forged.searchParams.set('state', 'x');
    expect(await answer(browser, forged.href)).toBe('/sign-in#provider-refused');
    expect(await answer(browser, address)).toBe('/sign-in#sign-in-not-begun');
  });
});

describe('providers', () => {
  it('are several, and none tells its secret', async () => {
    const second = await api.post('/v1/sign-in-providers', {
      name: 'Other',
      issuer: 'https://10.1.2.3',
      clientId: 'x',
    });
    const answered = await api.get<List<Fields>>('/v1/sign-in-providers');
    expect(answered.data).toMatchObject([
      { id, name: 'Acme', hasSecret: true },
      { id: second.id, hasSecret: false },
    ]);
    expect(JSON.stringify(answered)).not.toContain(CLIENT.clientSecret);
    const offered = await (await fetch(`${api.address}/sign-in/providers`)).json();
    expect(offered).toEqual({
      data: [
        { id, name: 'Acme' },
        { id: second.id, name: 'Other' },
      ],
    });
    const asked = await fetch(`${api.address}/sign-in/providers/${second.id}`, { redirect: 'manual' });
    expect([asked.status, await asked.json()]).toMatchObject([
      503,
      { detail: expect.stringContaining('no public address') },
    ]);
    await api.delete(`/v1/sign-in-providers/${second.id}`);
    expect((await fetch(`${api.address}/sign-in/providers/${second.id}`)).status).toBe(404);
  });

  it('make no administrators', async () => {
    const roles = [{ group: 'all', roleId: await roleCalled('administrator') }];
    expect(await problemOf(api.patch(`/v1/sign-in-providers/${id}`, { roles }))).toMatchObject({
      code: 'role-not-for-groups',
    });
  });
});
