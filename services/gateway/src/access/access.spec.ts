import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { InMemoryEventStore } from '@rapport/event-store';
import { fixedClock, newId } from '@rapport/kernel';
import { createGateway } from '../gateway.js';
import { ADMIN, type OpenGateway, openGateway } from '../testing/open-gateway.js';

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
  it('is shown once, listed without its secret, and ends when revoked', async () => {
    const { status, body, headers } = await door.call('POST', '/v1/access-tokens', { name: 'ERP', roles: ['viewer'] });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/access-tokens/${body.id}`);
    expect((await door.call('GET', '/v1/me', undefined, as(body.secret))).body.name).toBe('ERP');
    const listed = (await door.call('GET', '/v1/access-tokens')).body.data;
    expect(listed.find(({ id }) => id === body.id)).not.toHaveProperty('secret');
    expect((await door.call('DELETE', `/v1/access-tokens/${body.id}`)).body.revokedAt).toEqual(expect.any(String));
    expect((await door.call('GET', '/v1/me', undefined, as(body.secret))).body.code).toBe('token-ended');
  });

  it('is stored as a digest only', async () => {
    const secret = await door.tokenFor('viewer');
    const page = (
      await door.store
        .follow({ prefixes: [], after: '0'.repeat(20), signal: new AbortController().signal })
        [Symbol.asyncIterator]()
        .next()
    ).value;
    expect(JSON.stringify(page)).toContain('AccessTokenIssued');
    expect(JSON.stringify(page)).not.toContain(secret);
    expect(JSON.stringify(page)).not.toContain(ADMIN);
  });

  it('is not issued twice under one Idempotency-Key', async () => {
    const request = { name: 'once', roles: ['viewer'] };
    const first = await door.call('POST', '/v1/access-tokens', request, { 'idempotency-key': 'one' });
    const second = await door.call('POST', '/v1/access-tokens', request, { 'idempotency-key': 'one' });
    expect(second).toMatchObject({ status: 409, body: { code: 'already-issued' } });
    expect(second.body.detail).toContain(first.body.id);
  });

  it('of an unknown role is refused by name', async () => {
    const { status, body } = await door.call('POST', '/v1/access-tokens', { name: 'x', roles: ['viewer', 'king'] });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ pointer: '/roles/1' }]);
  });

  it('for another tenant is an operator’s to give, and stays in that tenant', async () => {
    const request = { name: 'other', roles: ['administrator'], tenant: 'other' };
    const { body } = await door.call('POST', '/v1/access-tokens', request);
    const other = as(body.secret);
    expect((await door.call('GET', '/v1/me', undefined, other)).body.tenant).toBe('other');
    expect((await door.call('GET', '/v1/access-tokens', undefined, other)).body.data).toHaveLength(1);
    expect((await door.call('POST', '/v1/access-tokens', { ...request, tenant: 'main' }, other)).status).toBe(403);
    expect((await door.call('POST', '/v1/access-tokens', { name: 'x', roles: ['operator'] }, other)).status).toBe(403);
    const mine = (await door.call('GET', '/v1/access-tokens')).body.data[0]!.id;
    expect((await door.call('DELETE', `/v1/access-tokens/${mine}`, undefined, other)).status).toBe(404);
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

describe('an access token', () => {
  it('that could never be used is not issued', async () => {
    const clock = fixedClock('2026-01-01T00:00:00Z');
    const early = await openGateway({ clock });
    const issue = (expiresAt: string) =>
      early.call('POST', '/v1/access-tokens', { name: 'x', roles: ['viewer'], expiresAt });
    expect(await issue('2025-12-31T23:59:60Z')).toMatchObject({ status: 400, body: { code: 'already-expired' } });
    const leap = await issue('2026-06-30T23:59:60Z');
    expect((await early.call('GET', '/v1/me', undefined, as(leap.body.secret))).status).toBe(200);
    await early.close();
  });

  it('is one of at most a thousand that a tenant may have', async () => {
    const full = await openGateway({ config: { rateLimit: { quota: 0, windowSeconds: 1 } } });
    const issue = () => full.call('POST', '/v1/access-tokens', { name: 'x', roles: ['viewer'] });
    const issued = await Promise.all(Array.from({ length: 999 }, issue));
    expect(new Set(issued.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await issue()).toMatchObject({ status: 409, body: { code: 'too-many-tokens' } });
    await full.call('DELETE', `/v1/access-tokens/${issued[0]!.body.id}`);
    expect((await issue()).status).toBe(201);
    await full.close();
  });
});

describe('the first start', () => {
  const open = (accessEvents: InMemoryEventStore, adminToken?: string) =>
    createGateway({ contexts: [], accessEvents, config: { port: 0, adminToken } });

  it('makes an administrator, later ones do not', async () => {
    const store = new InMemoryEventStore();
    const first = await open(store);
    expect(first.firstSignIn).toEqual({ token: expect.stringMatching(/^rapport_/), generated: true });
    await first.close();
    const second = await open(store);
    expect(second.firstSignIn).toBeUndefined();
    const headers = { authorization: `Bearer ${first.firstSignIn!.token}` };
    expect((await fetch(`${second.address}/v1/me`, { headers })).status).toBe(200);
    await second.close();
  });

  it('takes the configured token, and another one later beside it', async () => {
    const store = new InMemoryEventStore();
    const status = async (address: string, token: string) =>
      (await fetch(`${address}/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status;
    const first = await open(store, 'first-secret-of-all');
    expect(first.firstSignIn).toEqual({ token: 'first-secret-of-all', generated: false });
    await first.close();
    const second = await open(store, 'second-secret-of-all');
    expect(second.firstSignIn).toBeUndefined();
    expect(await status(second.address, 'first-secret-of-all')).toBe(200);
    expect(await status(second.address, 'second-secret-of-all')).toBe(200);
    await second.close();
    const third = await open(store, 'second-secret-of-all');
    expect(await status(third.address, 'second-secret-of-all')).toBe(200);
    await third.close();
  });

  it('refuses a secret that is too short', async () => {
    await expect(open(new InMemoryEventStore(), 'short')).rejects.toMatchObject({ code: 'bad-configuration' });
  });
});

describe('a second gateway on the same facts', () => {
  it('knows a token that the first one issued', async () => {
    const other = await createGateway({ contexts: [], accessEvents: door.store, config: { port: 0 } });
    const secret = await door.tokenFor('viewer');
    const status = async () =>
      (await fetch(`${other.address}/v1/me`, { headers: { authorization: `Bearer ${secret}` } })).status;
    while ((await status()) !== 200);
    expect(await status()).toBe(200);
    await other.close();
  });
});
