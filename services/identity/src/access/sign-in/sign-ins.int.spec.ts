import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identityV1 } from '@rapport/contracts';
import { START, type CallContext, fixedClock } from '@rapport/kernel';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { identityModule } from '../../identity.module.js';
import { builtInRoleId } from '../../tenant-opening.js';
import { digestOf } from '../secret.js';

const clock = fixedClock('2026-01-01T09:00:00.000Z');
const viewer = builtInRoleId('main', 'viewer');
const EMAIL = 'ada@example.org';
const PASSWORD = 'an engine that weaves patterns';
let service: RunningService;
let user: identityV1.User;

const invoke = async <A = never>(contract: string, method: string, request: object, given: Partial<CallContext> = {}) =>
  (await service.backend.invoke(`rapport.identity.v1.${contract}Service`, method, request, callBy(given))) as A;
const createUser = (fields: object): Promise<identityV1.User> =>
  invoke('Users', 'createUser', { user: identityV1.User.fromPartial({ name: 'Ada Lovelace', ...fields }) });
const invite = async (id = user.id): Promise<string> => {
  const { url } = await invoke<identityV1.SignInLink>('Users', 'inviteUser', { id });
  return url.slice('/sign-in#'.length);
};
const choose = (
  link: string,
  password = PASSWORD,
  more: object = {},
  id = user.id,
): Promise<identityV1.OpenedSession> =>
  invoke('Credentials', 'choosePassword', { id, digest: digestOf(link), password, ...more });
const open = (password = PASSWORD, email = EMAIL): Promise<identityV1.OpenedSession> =>
  invoke('Credentials', 'openSession', { email, password });
const idOf = (secret: string): string => /_(.{8})(.{4})(.{4})(.{4})(.{12})_.{32}$/.exec(secret)!.slice(1).join('-');
const stateOf = async ({ secret }: { readonly secret: string }): Promise<string> => {
  const request = { id: idOf(secret), digest: digestOf(secret), kind: 'session' };
  return (await invoke<identityV1.Credential>('Credentials', 'resolve', request)).state;
};
const asUser = (): Partial<CallContext> => ({
  principal: { tenant: 'main', actor: { kind: 'user', id: user.id }, roles: [], permissions: ['self.read'] },
});
const refused = { code: 'sign-in-refused' };

beforeEach(async () => {
  clock.set('2026-01-01T09:00:00.000Z');
  service = await startInProcess(identityModule(await inMemoryEngines({ clock })));
  user = await createUser({ email: EMAIL, roleIds: [viewer] });
});
afterEach(() => service.close());

describe('a link', () => {
  it('is good once, until the next one is made, and for three days', async () => {
    const [first, second] = [await invite(), await invite()];
    await expect(choose(first)).rejects.toMatchObject({ code: 'link-ended' });
    expect(await stateOf(await choose(second))).toBe('valid');
    await expect(choose(second)).rejects.toMatchObject({ code: 'link-ended' });
    const late = await invite();
    clock.set('2026-01-04T09:00:00.000Z');
    await expect(choose(late)).rejects.toMatchObject({ code: 'link-ended' });
  });

  it('is for people who may come in', async () => {
    const robot = await createUser({ name: 'Robot', kind: 'service' });
    await expect(invite(robot.id)).rejects.toMatchObject({ code: 'no-person' });
    const link = await invite();
    await invoke('Users', 'archiveUser', { id: user.id });
    await expect(choose(link)).rejects.toMatchObject({ code: 'link-ended' });
    await expect(invite()).rejects.toMatchObject({ code: 'user-deactivated' });
  });

  it('also gives an address to who has none, and only then', async () => {
    const nobody = await createUser({ name: 'New' });
    const link = await invite(nobody.id);
    await expect(choose(link, PASSWORD, {}, nobody.id)).rejects.toMatchObject({ code: 'email-missing' });
    await expect(choose(link, PASSWORD, { email: EMAIL }, nobody.id)).rejects.toMatchObject({ code: 'email-taken' });
    await choose(link, PASSWORD, { email: 'new@example.org' }, nobody.id);
    expect((await open(PASSWORD, 'New@Example.org')).userId).toBe(nobody.id);
    await choose(await invite(), PASSWORD, { email: 'other@example.org' });
    await expect(open(PASSWORD, 'other@example.org')).rejects.toMatchObject(refused);
  });
});

describe('a password', () => {
  it.each([
    ['too short', 'short-one-x', 'password-short'],
    ['too long', 'x'.repeat(129), 'password-long'],
    ['one that everybody knows', 'qwertyuiop12', 'password-common'],
    ['the same with figures around it', '1Password2026!', 'password-common'],
    ['a name', 'ADA LOVELACE 1815', 'password-guessable'],
    ['the address', EMAIL, 'password-guessable'],
    ['figures alone', '31415926535897', 'password-guessable'],
  ])('is refused: %s', async (_, password, code) => {
    await expect(choose(await invite(), password)).rejects.toMatchObject({
      code,
      details: { fields: [{ pointer: '/password' }] },
    });
  });

  it('opens a session, and nothing tells what was wrong', async () => {
    await choose(await invite());
    expect(await stateOf(await open(PASSWORD, ' Ada@EXAMPLE.org'))).toBe('valid');
    for (const [password, email] of [
      ['wrong wrong wrong', EMAIL],
      [PASSWORD, 'eve@example.org'],
      ['', ''],
    ] as const)
      await expect(open(password, email)).rejects.toMatchObject(refused);
    await invoke('Users', 'archiveUser', { id: user.id });
    await expect(open()).rejects.toMatchObject(refused);
  });

  it('leaves nothing behind in tenants that there are not', async () => {
    const before = await Array.fromAsync(service.runtime.engines.keys.entries());
    const principal = { tenant: 'nowhere', actor: { kind: 'system', id: 'gateway' }, roles: [] } as const;
    const asked = { email: EMAIL, password: PASSWORD };
    await expect(invoke('Credentials', 'openSession', asked, { principal })).rejects.toMatchObject(refused);
    expect(await Array.fromAsync(service.runtime.engines.keys.entries())).toEqual(before);
  });

  it('that was never chosen opens nothing', async () => {
    await expect(open('')).rejects.toMatchObject(refused);
  });

  it('goes with the person', async () => {
    await choose(await invite());
    await invoke('Users', 'eraseUser', { id: user.id });
    await expect(open()).rejects.toMatchObject(refused);
  });

  it('is nowhere in what is stored, nor its hash in clear', async () => {
    const link = await invite();
    const { secret } = await choose(link);
    const { signal } = new AbortController();
    for await (const { events } of service.runtime.engines.events.follow({ prefixes: [], after: START, signal })) {
      const stored = JSON.stringify(events);
      expect(stored).toContain('PasswordSet');
      for (const never of [PASSWORD, 'argon2id', link.slice(-32), secret.slice(-32), EMAIL])
        expect(stored).not.toContain(never);
      break;
    }
  });
});

describe('a session', () => {
  it('ends with its time, with another password, with its user and when it is closed', async () => {
    const [first, second] = [await choose(await invite()), await open()];
    await invoke('Sessions', 'closeSession', { id: idOf(first.secret) }, asUser());
    expect(await Promise.all([first, second].map(stateOf))).toEqual(['ended', 'valid']);
    const third = await choose(await invite(), 'another good one indeed');
    expect(await Promise.all([second, third].map(stateOf))).toEqual(['ended', 'valid']);
    await invoke('Users', 'archiveUser', { id: user.id });
    expect(await stateOf(third)).toBe('ended');
    await invoke('Users', 'restoreUser', { id: user.id });
    expect(await stateOf(third)).toBe('valid');
    clock.set('2026-01-15T09:00:00.000Z');
    expect(await stateOf(third)).toBe('ended');
    expect(await stateOf({ secret: third.secret.replace(/.$/, '~') })).toBe('unknown');
  });

  it('is listed and closed by its user, and by who may', async () => {
    const { secret } = await choose(await invite());
    const listed = async (request: object, given?: Partial<CallContext>) =>
      (await invoke<identityV1.ListSessionsResponse>('Sessions', 'listSessions', request, given)).data;
    expect(await listed({}, asUser())).toMatchObject([{ id: idOf(secret), userId: user.id }]);
    expect(await listed({ userId: user.id })).toHaveLength(1);
    const eve = { ...asUser().principal!, actor: { kind: 'user', id: 'eve' } } as const;
    await expect(listed({ userId: user.id }, { principal: eve })).rejects.toMatchObject({ code: 'permission-missing' });
    const close = (given?: Partial<CallContext>) => invoke('Sessions', 'closeSession', { id: idOf(secret) }, given);
    await expect(close({ principal: eve })).rejects.toMatchObject({ code: 'permission-missing' });
    expect(await close()).toMatchObject({ closed: true });
    expect(await listed({}, asUser())).toEqual([]);
  });
});
