import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identityV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import { idFrom } from '@rapport/kernel';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { identityModule } from '../../identity.module.js';
import { users } from '../../records/users.js';

const issuer = 'https://login.acme.example';
let service: RunningService;
let names: Map<string, readonly string[]>;
let providerId: string;

beforeEach(async () => {
  names = new Map();
  const domainNames = { texts: async (domain: string) => names.get(domain) ?? [] };
  service = await startInProcess(identityModule(await inMemoryEngines(), { domainNames }));
  const provider = { name: 'Acme', issuer, clientId: 'rapport', clientSecret: 'hush' };
  providerId = (
    await invoke<{ id: string }>('SignInProviders', 'createSignInProvider', {
      provider: identityV1.SignInProvider.fromPartial(provider),
    })
  ).id;
});
afterEach(() => service.close());

const invoke = async <A = never>(contract: string, method: string, request: object) =>
  (await service.backend.invoke(`rapport.identity.v1.${contract}Service`, method, request, callBy())) as A;
const createUser = (fields: object): Promise<identityV1.User> =>
  invoke('Users', 'createUser', { user: identityV1.User.fromPartial({ name: 'Ada', ...fields }) });
const comeIn = (said: object): Promise<identityV1.OpenedSession> =>
  invoke('Credentials', 'openProvidedSession', {
    ...identityV1.OpenProvidedSessionRequest.fromPartial({ providerId, issuer, subject: 'Sub-1', ...said }),
  });
const prove = async (name: string): Promise<void> => {
  const { record } = await invoke<identityV1.Domain>('Domains', 'nameDomain', { name });
  names.set(name, ['v=spf1 -all', record]);
  await invoke('Domains', 'proveDomain', { name });
};
const refused = { code: 'sign-in-refused' };
const verified = { email: 'Ada@Acme.example', emailVerified: true };

describe('a domain', () => {
  it('is proved by what its names say', async () => {
    const { record } = await invoke<identityV1.Domain>('Domains', 'nameDomain', { name: 'Acme.example' });
    expect(record).toMatch(/^rapport-domain=.{24}$/);
    names.set('acme.example', ['rapport-domain=x']);
    const asked = () => invoke('Domains', 'proveDomain', { name: 'acme.example' });
    await expect(asked()).rejects.toMatchObject({ code: 'domain-unproved' });
    names.set('acme.example', [record]);
    expect(await asked()).toMatchObject({ name: 'acme.example', proved: true });
    await invoke('Domains', 'removeDomain', { name: 'acme.example' });
    expect(await invoke('Domains', 'listDomains', {})).toEqual({ data: [] });
    await expect(asked()).rejects.toMatchObject({ code: 'domain-not-found' });
  });
});

describe('somebody whom a provider knows', () => {
  it('is known again by a verified address of a proved domain only, and by the subject from then on', async () => {
    const { id } = await createUser({ email: 'ada@acme.example' });
    await expect(comeIn(verified)).rejects.toMatchObject(refused);
    await prove('example.org');
    await expect(comeIn(verified)).rejects.toMatchObject(refused);
    await prove('acme.example');
    await expect(comeIn({ ...verified, emailVerified: false })).rejects.toMatchObject(refused);
    expect(await comeIn(verified)).toMatchObject({ userId: id });
    expect(await comeIn({})).toMatchObject({ userId: id });
    await expect(comeIn({ subject: 'sub-1' })).rejects.toMatchObject(refused);
    await expect(comeIn({ issuer: 'https://evil.example' })).rejects.toMatchObject(refused);
  });

  it('is one user, however often they come at once', async () => {
    const set = {
      provider: identityV1.SignInProvider.fromPartial({ createsUsers: true }),
      updateMask: ['createsUsers'],
    };
    await invoke('SignInProviders', 'updateSignInProvider', { id: providerId, ...set });
    const came = await Promise.allSettled(Array.from({ length: 5 }, () => comeIn({ name: 'Ada' })));
    const ids = new Set(came.flatMap((each) => (each.status === 'fulfilled' ? [each.value.userId] : [])));
    expect(ids.size).toBe(1);
    await service.runtime.projection(users.projection).reach(await service.runtime.events.end(), 5_000);
    expect(await invoke('Users', 'listUsers', {})).toMatchObject({
      data: [{ name: 'Ada', identities: [{ issuer, subject: 'Sub-1' }] }],
    });
  });

  it('is not known any more once the link is taken away, and is linked again by the address alone', async () => {
    await prove('acme.example');
    const { id } = await createUser({ email: 'ada@acme.example' });
    await comeIn(verified);
    const unlink = (subject: string) => invoke('Users', 'removeUserIdentity', { id, issuer, subject });
    await expect(unlink('Sub-2')).rejects.toMatchObject({ code: 'identity-not-found' });
    expect(await unlink('Sub-1')).toMatchObject({ id, identities: [] });
    await expect(comeIn({})).rejects.toMatchObject(refused);
    // Nobody holds on to it: somebody else may be linked to it now.
    const other = await createUser({ name: 'Bo', email: 'bo@acme.example' });
    expect(await comeIn({ email: 'bo@acme.example', emailVerified: true })).toMatchObject({ userId: other.id });
    expect(await comeIn({ ...verified, subject: 'Sub-3' })).toMatchObject({ userId: id });
  });

  it('has to be a person who is active', async () => {
    await prove('acme.example');
    const { id } = await createUser({ email: 'ada@acme.example' });
    await comeIn(verified);
    await invoke('Users', 'archiveUser', { id });
    await expect(comeIn(verified)).rejects.toMatchObject(refused);
    await createUser({ name: 'Robot', kind: 'service', email: 'robot@acme.example' });
    await expect(comeIn({ subject: 'r', email: 'robot@acme.example', emailVerified: true })).rejects.toMatchObject(
      refused,
    );
  });
});

describe('a provider', () => {
  it('has a secret that is stored sealed and told to the gateway alone', async () => {
    const id = idFrom('providers', 'main');
    const stored = await Array.fromAsync(service.runtime.engines.events.read(streamName('providers', 'main', id)));
    expect(stored).toHaveLength(1);
    expect(JSON.stringify(stored)).not.toContain('hush');
    expect(await invoke('Credentials', 'getOfferedProvider', { id: providerId })).toMatchObject({
      clientSecret: 'hush',
    });
    expect(JSON.stringify(await invoke('SignInProviders', 'listSignInProviders', {}))).not.toContain('hush');
  });
});
