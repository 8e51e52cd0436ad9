import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identityV1 } from '@rapport/contracts';
import { START, type CallContext, fixedClock, newId } from '@rapport/kernel';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { identityModule } from '../../identity.module.js';
import { builtInRoleId } from '../../tenant-opening.js';
import { digestOf } from '../secret.js';

const clock = fixedClock('2026-01-01T09:00:00.000Z');
let service: RunningService;
let user: identityV1.User;
const viewer = builtInRoleId('main', 'viewer');

const invoke = async <A = never>(contract: string, method: string, request: object, given: Partial<CallContext> = {}) =>
  (await service.backend.invoke(`rapport.identity.v1.${contract}Service`, method, request, callBy(given))) as A;
const issue = (more: object = {}): Promise<identityV1.ApiKey> => {
  const request = identityV1.CreateApiKeyRequest.fromPartial({ name: 'ERP', userId: user.id, ...more });
  return invoke('ApiKeys', 'createApiKey', request);
};
const resolve = (id: string, secret: string, given = {}): Promise<identityV1.Credential> =>
  invoke('Credentials', 'resolve', { id, digest: digestOf(secret) }, given);
const listed = async (request = {}): Promise<readonly identityV1.ApiKey[]> =>
  (await invoke<identityV1.ListApiKeysResponse>('ApiKeys', 'listApiKeys', request)).data;
const createUser = (fields: object): Promise<identityV1.User> =>
  invoke('Users', 'createUser', { user: identityV1.User.fromPartial({ name: 'Ada', ...fields }) });

beforeEach(async () => {
  clock.set('2026-01-01T09:00:00.000Z');
  service = await startInProcess(identityModule(await inMemoryEngines({ clock })));
  user = await createUser({ kind: 'service', roleIds: [viewer] });
});
afterEach(() => service.close());

describe('an API key', () => {
  it('does what its user may do, of that what it is narrowed to, and tells when it was used', async () => {
    const key = await issue();
    expect(key.secret).toMatch(new RegExp(`^${key.prefix}_[\\w-]{32}$`));
    const who = await resolve(key.id, key.secret!);
    expect(who).toMatchObject({ state: 'valid', name: 'ERP', userId: user.id, roles: ['viewer'] });
    expect(who.permissions).toEqual(expect.arrayContaining(['contacts.read', 'sales.read', 'self.read']));
    expect(who.permissions).not.toContain('contacts.write');
    const narrow = await issue({ permissions: ['sales.read', 'contacts.write'] });
    expect((await resolve(narrow.id, narrow.secret!)).permissions).toEqual(['sales.read', 'self.read']);
    clock.set('2026-01-02T09:00:00.000Z');
    for (let n = 0; n < 3; n += 1) await resolve(key.id, key.secret!);
    const uses = await Array.fromAsync(service.runtime.events.read(`apiKey-main-${key.id}`));
    expect(uses.map(({ type }) => type)).toEqual(['ApiKeyIssued', 'ApiKeyUsed', 'ApiKeyUsed']);
    expect((await listed()).map(({ lastUsedOn }) => lastUsedOn).sort()).toEqual(['2026-01-01', '2026-01-02']);
  });

  it('ends with its user, with its time, and when it is revoked', async () => {
    const [lasting, short, gone] = [
      await issue(),
      await issue({ expiresAt: '2026-01-02T00:00:00+01:00' }),
      await issue(),
    ];
    const stateOf = async ({ id, secret }: identityV1.ApiKey) => (await resolve(id, secret!)).state;
    await invoke('ApiKeys', 'revokeApiKey', { id: gone.id });
    expect(await Promise.all([lasting, short, gone].map(stateOf))).toEqual(['valid', 'valid', 'ended']);
    clock.set('2026-01-01T23:00:00.000Z');
    expect(await stateOf(short)).toBe('ended');
    await invoke('Users', 'archiveUser', { id: user.id });
    expect(await stateOf(lasting)).toBe('ended');
    await expect(issue()).rejects.toMatchObject({ code: 'user-deactivated' });
    expect((await listed()).find(({ id }) => id === gone.id)).toMatchObject({ revoked: true, secret: undefined });
  });

  it('goes over to another secret while the former one is still good', async () => {
    const { id, secret } = await issue();
    const rotated: identityV1.ApiKey = await invoke('ApiKeys', 'rotateApiKey', { id, overlapHours: 1 });
    const states = async () =>
      (await Promise.all([secret!, rotated.secret!].map((each) => resolve(id, each)))).map(({ state }) => state);
    expect(await states()).toEqual(['valid', 'valid']);
    clock.set('2026-01-01T10:00:00.000Z');
    expect(await states()).toEqual(['unknown', 'valid']);
    expect(await listed({ userId: user.id })).toMatchObject([{ id, formerUntil: '2026-01-01T10:00:00.000Z' }]);
    expect(await listed({ userId: newId() })).toEqual([]);
  });

  it('is nobody’s without its secret, in its own tenant alone', async () => {
    const { id, secret } = await issue();
    expect((await resolve(id, `${secret!.slice(0, -1)}!`)).state).toBe('unknown');
    expect((await resolve(newId(), secret!)).state).toBe('unknown');
    const principal = { tenant: 'other', actor: { kind: 'system', id: 'gateway' }, roles: [] } as const;
    expect((await resolve(id, secret!, { principal })).state).toBe('unknown');
  });

  it('is stored as a digest only, and not told to others', async () => {
    const { secret } = await issue();
    const { signal } = new AbortController();
    for await (const { events } of service.runtime.events.follow({ prefixes: [], after: START, signal })) {
      expect(JSON.stringify(events)).toContain('ApiKeyIssued');
      expect(JSON.stringify(events)).not.toContain(secret!.slice(-32));
      break;
    }
    const request = { after: '', limit: 100, filter: '', waitMilliseconds: 0 };
    const feed = await service.backend.invoke(
      'rapport.events.v1.ContextEventsService',
      'pullEvents',
      request,
      callBy(),
    );
    expect(JSON.stringify(feed)).not.toContain('ApiKey');
  });

  it.each([
    [
      'a permission that there is not',
      { permissions: ['sales.read', 'sales.raed'] },
      'unknown-permission',
      '/permissions/1',
    ],
    ['an end that has passed', { expiresAt: '2025-12-31T23:59:59Z' }, 'already-expired', '/expiresAt'],
    ['nobody', { userId: newId() }, 'user-not-found', '/userId'],
  ])('is not issued for %s', async (_, more, code, pointer) => {
    await expect(issue(more)).rejects.toMatchObject({ code, details: { fields: [{ pointer }] } });
  });

  it('follows the roles of its user, changed or archived', async () => {
    const role = { name: 'Rep', grants: [{ object: 'opportunity', action: 'edit', scope: 'own' }] };
    const { id } = await invoke<identityV1.Role>('Roles', 'createRole', { role: identityV1.Role.fromPartial(role) });
    user = await createUser({ roleIds: [id, viewer] });
    const key = await issue();
    expect(await resolve(key.id, key.secret!)).toMatchObject({ roles: [id, 'viewer'] });
    expect((await resolve(key.id, key.secret!)).permissions).toContain('sales.write');
    await invoke('Roles', 'archiveRole', { id });
    expect(await resolve(key.id, key.secret!)).toMatchObject({ roles: ['viewer'] });
    expect((await resolve(key.id, key.secret!)).permissions).not.toContain('sales.write');
  });
});
