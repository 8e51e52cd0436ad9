import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { accessV1, type identityV1 } from '@rapport/contracts';
import { InMemoryBookkeeping, InMemoryEventStore } from '@rapport/event-store';
import { type CallContext, DomainError, fixedClock, newId } from '@rapport/kernel';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { adoptTokens } from '../../adoption/adopt-tokens.js';
import { identityModule } from '../../identity.module.js';
import { digestOf } from '../secret.js';
import { signInAnew } from '../sign-in/sign-in-anew.js';

const NOW = '2026-01-01T09:00:00.000Z';
const clock = fixedClock(NOW);
let service: RunningService;
beforeEach(async () => {
  clock.set(NOW);
  service = await startInProcess(identityModule(await inMemoryEngines({ clock })));
});
afterEach(() => service.close());

const as = (tenant: string, ...roles: string[]): Partial<CallContext> => ({
  principal: { tenant, actor: { kind: 'apiKey', id: 'k1' }, roles },
});
const operator = as('main', 'administrator', 'operator');
const ask = async <A>(name: string, method: string, request: object, given: Partial<CallContext> = operator) =>
  (await service.backend.invoke(`rapport.${name}Service`, method, request, callBy(given))) as A;
const issue = (more: object = {}, given = operator): Promise<accessV1.AccessToken> => {
  const asked = accessV1.CreateAccessTokenRequest.fromPartial({ name: 'ERP', roles: ['viewer'], ...more });
  return ask('access.v1.AccessTokens', 'createAccessToken', asked, given);
};
const listed = async (given = operator) =>
  (await ask<accessV1.ListAccessTokensResponse>('access.v1.AccessTokens', 'listAccessTokens', {}, given)).data;
const revoke = (id: string, given = operator): Promise<accessV1.AccessToken> =>
  ask('access.v1.AccessTokens', 'revokeAccessToken', { id }, given);
const resolve = (secret: string, id = '', tenant = '_'): Promise<identityV1.Credential> =>
  ask('identity.v1.Credentials', 'resolve', { id, digest: digestOf(secret) }, as(tenant, 'gateway'));
const ensure = (secret?: string): Promise<identityV1.EnsuredAdministrator> =>
  ask('identity.v1.Credentials', 'ensureAdministrator', secret ? { digest: digestOf(secret) } : {}, as('main'));

describe('an access token', () => {
  it('is a key with roles of its own: shown once, listed, used, rotated and revoked like every key', async () => {
    const token = await issue();
    expect(await resolve(token.secret!, token.id, 'main')).toMatchObject({
      ...{ state: 'valid', tenant: 'main', id: token.id, name: 'ERP', userId: '', roles: ['viewer'] },
      ...{ policy: undefined, permissions: expect.arrayContaining(['contacts.read', 'self.read']) },
    });
    expect(await listed()).toMatchObject([{ id: token.id, roles: ['viewer'], secret: undefined }]);
    const { data } = await ask<identityV1.ListApiKeysResponse>('identity.v1.ApiKeys', 'listApiKeys', {});
    expect(data).toMatchObject([{ id: token.id, userId: '', roles: ['viewer'], lastUsedOn: '2026-01-01' }]);
    const { secret } = await ask<identityV1.ApiKey>('identity.v1.ApiKeys', 'rotateApiKey', { id: token.id });
    expect((await resolve(secret!, token.id, 'main')).state).toBe('valid');
    expect(await revoke(token.id)).toMatchObject({ id: token.id, revokedAt: NOW });
    expect((await resolve(secret!, token.id, 'main')).state).toBe('ended');
  });

  it('is stored as a digest only', async () => {
    const { id, secret } = await issue();
    const stored = JSON.stringify(await Array.fromAsync(service.runtime.events.read(`apiKey-main-${id}`)));
    expect(stored).toContain('ApiKeyIssued');
    expect(stored).not.toContain(secret);
  });

  it('is not issued twice under one Idempotency-Key', async () => {
    const once = { ...operator, idempotencyKey: 'one' };
    const { id } = await issue({}, once);
    await expect(issue({}, once)).rejects.toMatchObject({
      ...{ kind: 'already-exists', code: 'already-issued', message: expect.stringContaining(id) },
    });
  });

  it('is refused where a role is unknown, or where it could never be used', async () => {
    await expect(issue({ roles: ['viewer', 'king'] })).rejects.toMatchObject({ code: 'unknown-role' });
    await expect(issue({ expiresAt: '2025-12-31T23:59:60Z' })).rejects.toMatchObject({ code: 'already-expired' });
  });

  it('for another tenant is an operator’s to give, and stays in that tenant', async () => {
    const mine = await issue();
    await issue({ tenant: 'other', roles: ['administrator'] });
    const other = as('other', 'administrator');
    expect(await listed(other)).toHaveLength(1);
    await expect(issue({ tenant: 'main' }, other)).rejects.toMatchObject({ code: 'foreign-tenant' });
    await expect(issue({ roles: ['operator'] }, other)).rejects.toMatchObject({ code: 'operator-only' });
    await expect(revoke(mine.id, other)).rejects.toMatchObject({ code: 'unknown-token' });
  });

  it('of an operator gets another secret from an operator alone', async () => {
    const { id } = await issue({ roles: ['operator'] });
    const rotate = (given: Partial<CallContext>) => ask('identity.v1.ApiKeys', 'rotateApiKey', { id }, given);
    await expect(rotate(as('main', 'administrator'))).rejects.toMatchObject({ code: 'operator-only' });
    await rotate(operator);
  });

  it('lets somebody in also where nothing can be written', async () => {
    const { id, secret } = await issue();
    const full = new DomainError('storage-full', 'storage-full', 'The disk is full.');
    const append = jest.spyOn(service.runtime.engines.events, 'append').mockRejectedValue(full);
    expect((await resolve(secret!, id, 'main')).state).toBe('valid');
    expect(append).toHaveBeenCalled();
    append.mockRestore();
  });

  it('ends when it expires', async () => {
    const { id, secret } = await issue({ expiresAt: '2026-01-02T00:00:00Z' });
    expect(await resolve(secret!, id, 'main')).toMatchObject({ expiresAt: '2026-01-02T00:00:00.000Z' });
    clock.set('2026-01-02T00:00:00Z');
    expect((await resolve(secret!, id, 'main')).state).toBe('ended');
  });
});

describe('an administrator', () => {
  it('is made by the first start alone', async () => {
    const starts = await Promise.all([ensure(), ensure()]);
    const made = starts.filter(({ first }) => first);
    expect(made).toHaveLength(1);
    expect(await ensure()).toEqual({ first: false, secret: undefined });
    const [id] = (await listed()).map((token) => token.id);
    expect((await resolve(made[0]!.secret!, id, 'main')).roles).toEqual(['administrator', 'operator']);
  });

  it('comes with the secret of the configuration, with each that there was, until it is revoked', async () => {
    expect(await ensure('first-secret-of-all')).toEqual({ first: true, secret: undefined });
    expect(await ensure('second-secret-of-all')).toEqual({ first: false, secret: undefined });
    expect(await ensure('first-secret-of-all')).toEqual({ first: false, secret: undefined });
    const { id, state } = await resolve('first-secret-of-all');
    expect([state, (await resolve('second-secret-of-all')).tenant]).toEqual(['valid', 'main']);
    await revoke(id);
    await ensure('first-secret-of-all');
    expect((await resolve('first-secret-of-all')).state).toBe('ended');
    expect((await resolve('nobody-knows-this')).state).toBe('unknown');
  });

  it('who has lost every token is let in by whoever may write the facts', async () => {
    const secret = await signInAnew(service.runtime.engines.events, clock, 'main');
    const [{ id }] = (await listed()) as [accessV1.AccessToken];
    expect(await resolve(secret, id, 'main')).toMatchObject({ state: 'valid', roles: ['administrator', 'operator'] });
  });
});

describe('tokens of an earlier program', () => {
  const former = async () => {
    const events = new InMemoryEventStore(clock);
    const [kept, revoked] = [newId(), newId()];
    const metadata = {
      ...{ tenant: 'acme', actor: { kind: 'system', id: 'gateway' } as const, correlationId: newId() },
      ...{ commandId: newId(), occurredAt: '2025-06-01T00:00:00.000Z', schemaVersion: 1 },
    };
    const issued = (secret: string) => [
      {
        ...{ id: newId(), type: 'AccessTokenIssued', metadata },
        data: { name: secret, roles: ['sales'], digest: digestOf(secret) },
      },
    ];
    await events.append(`accessToken-acme-${kept}`, issued('kept-secret-of-then'), 'no-stream');
    await events.append(`accessToken-acme-${revoked}`, issued('revoked-secret-of-then'), 'no-stream');
    const end = { id: newId(), type: 'AccessTokenRevoked', data: {}, metadata };
    await events.append(`accessToken-acme-${revoked}`, [end], 0);
    return { events, kept, close: async () => undefined };
  };

  it('go on to work, under their ids, and are adopted once, however often it is begun', async () => {
    const { events } = service.runtime.engines;
    const tokens = await former();
    let opened = 0;
    const open = async () => {
      opened += 1;
      return tokens;
    };
    // Without its book it is as after a sudden end.
    for (const books of [new InMemoryBookkeeping(), service.runtime.engines.books])
      await adoptTokens({ events, books }, open);
    await adoptTokens(service.runtime.engines, open);
    expect(opened).toBe(2);
    expect(await resolve('kept-secret-of-then')).toMatchObject({
      ...{ state: 'valid', tenant: 'acme', id: tokens.kept, name: 'kept-secret-of-then', roles: ['sales'] },
    });
    expect((await resolve('revoked-secret-of-then')).state).toBe('ended');
    expect(await listed(as('acme', 'administrator'))).toMatchObject([
      { id: tokens.kept, createdAt: '2025-06-01T00:00:00.000Z', revokedAt: undefined },
      { revokedAt: '2025-06-01T00:00:00.000Z' },
    ]);
  });

  it('need not be there', async () => {
    await adoptTokens(service.runtime.engines, async () => undefined);
    await adoptTokens(service.runtime.engines, () => Promise.reject(new Error('asked again')));
  });
});
