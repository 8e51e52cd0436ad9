import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fixedClock, newId } from '@rapport/kernel';
import { FakeIdentity } from '../testing/fake-identity.js';
import { type OpenGateway, openGateway } from '../testing/open-gateway.js';

// A loaded machine is no fault of ours.
jest.setTimeout(60_000);

let door: OpenGateway;

beforeAll(async () => {
  door = await openGateway();
});

afterAll(() => door.close());

const as = (token: string) => ({ authorization: token });

describe('signing in', () => {
  it.each([
    ['no token', null, 'token-missing'],
    ['an unknown token', 'nobody-knows-this-token', 'token-unknown'],
    ['half a token', 'short', 'token-unknown'],
  ])('is refused with %s', async (_name, token, code) => {
    const response = await door.fetch('/v1/contacts', { token });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await response.json()).toMatchObject({ code, status: 401 });
  });

  it('comes before the body is read', async () => {
    const response = await door.fetch('/v1/contacts', { method: 'POST', token: null, body: '{', headers: {} });
    expect(response.status).toBe(401);
  });

  it('is not needed for health, documentation and schemas', async () => {
    const paths = ['/', '/healthz', '/readyz', '/docs', '/openapi.json', '/schemas', '/problems'];
    const statuses = await Promise.all(paths.map(async (path) => (await door.fetch(path, { token: null })).status));
    expect(statuses).toEqual(paths.map(() => 200));
  });

  it('tells who one is', async () => {
    const { body } = await door.call('GET', '/v1/me');
    expect(body).toMatchObject({ tenant: 'main', name: 'Administrator', roles: ['administrator', 'operator'] });
    expect(body.permissions).toEqual(expect.arrayContaining(['access.write', 'contacts.write', 'privacy.erase']));
  });
});

describe('a permission', () => {
  const id = newId();
  it.each([
    ['viewer', 'GET', '/v1/contacts', 200],
    ['viewer', 'POST', '/v1/contacts', 403],
    ['viewer', 'GET', '/v1/access-tokens', 403],
    ['sales', 'POST', `/v1/contacts/${id}:erase`, 403],
    ['privacy', 'GET', '/v1/contacts', 200],
    ['privacy', 'POST', '/v1/contacts', 403],
    ['integrator', 'GET', '/v1/events', 200],
    ['viewer', 'GET', '/v1/me', 200],
  ])('of %s for %s %s answers %d', async (role, method, path, status) => {
    const answer = await door.call(method, path, undefined, as(await door.tokenFor(role)));
    expect(answer.status).toBe(status);
  });

  it('that is missing is named', async () => {
    const { body } = await door.call('POST', '/v1/contacts', {}, as(await door.tokenFor('viewer')));
    expect(body.code).toBe('permission-missing');
    expect(body.detail).toContain('"contacts.write"');
    expect(body.detail).toContain('viewer');
  });
});

describe('an access token', () => {
  it('is shown where it is made, and ends when revoked', async () => {
    const { status, body, headers } = await door.call('POST', '/v1/access-tokens', { name: 'ERP', roles: ['viewer'] });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/access-tokens/${body.id}`);
    expect((await door.call('GET', '/v1/me', undefined, as(body.secret))).body.name).toBe('ERP');
    await door.call('DELETE', `/v1/access-tokens/${body.id}`);
    expect((await door.call('GET', '/v1/me', undefined, as(body.secret))).body.code).toBe('token-ended');
  });

  it('ends when it expires', async () => {
    const clock = fixedClock('2026-01-01T00:00:00Z');
    const early = await openGateway({ clock });
    const request = { name: 'x', roles: ['viewer'], expiresAt: '2026-01-02T00:00:00Z' };
    const { secret } = (await early.call('POST', '/v1/access-tokens', request)).body as { secret: string };
    expect((await early.call('GET', '/v1/me', undefined, as(secret))).status).toBe(200);
    clock.set('2026-01-02T00:00:00Z');
    expect((await early.call('GET', '/v1/me', undefined, as(secret))).body.code).toBe('token-ended');
    await early.close();
  });
});

describe('the first start', () => {
  const open = (tokens: FakeIdentity, adminToken?: string) => openGateway({ tokens, config: { adminToken } });
  const status = async (door: OpenGateway, token: string) => (await door.fetch('/v1/me', { token })).status;

  it('makes an administrator, later ones do not', async () => {
    const tokens = new FakeIdentity();
    const first = await open(tokens);
    expect(first.gateway.firstSignIn).toMatchObject({ token: expect.stringMatching(/^rapport_/), generated: true });
    await first.close();
    const second = await open(tokens);
    expect(second.gateway.firstSignIn).toBeUndefined();
    expect(await status(second, first.gateway.firstSignIn!.token)).toBe(200);
    await second.close();
  });

  it('takes the configured token, and another one later beside it', async () => {
    const tokens = new FakeIdentity();
    const first = await open(tokens, 'first-secret-of-all');
    expect(first.gateway.firstSignIn).toEqual({ token: 'first-secret-of-all', generated: false });
    await first.close();
    const second = await open(tokens, 'second-secret-of-all');
    expect(second.gateway.firstSignIn).toBeUndefined();
    expect(await status(second, 'first-secret-of-all')).toBe(200);
    expect(await status(second, 'second-secret-of-all')).toBe(200);
    await second.close();
  });

  it('refuses a secret that is too short', async () => {
    await expect(open(new FakeIdentity(), 'short')).rejects.toMatchObject({ code: 'bad-configuration' });
  });
});
