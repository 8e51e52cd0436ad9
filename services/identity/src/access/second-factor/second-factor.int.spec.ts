import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identityV1 } from '@rapport/contracts';
import { START, type CallContext, fixedClock } from '@rapport/kernel';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { monotonic } from '@rapport/processing';
import { identityModule } from '../../identity.module.js';
import { digestOf } from '../secret.js';
import { totp } from './totp.js';

const EMAIL = 'ada@example.org';
const PASSWORD = 'an engine that weaves patterns';
const clock = fixedClock('2026-01-01T09:00:00.000Z');
let now: number;
let service: RunningService;
let userId: string;
let secret: string;

const invoke = async <A = never>(contract: string, method: string, request: object, given: Partial<CallContext> = {}) =>
  (await service.backend.invoke(`rapport.identity.v1.${contract}Service`, method, request, callBy(given))) as A;
const asUser = (): Partial<CallContext> => ({
  principal: { tenant: 'main', actor: { kind: 'user', id: userId }, roles: [], permissions: ['self.read'] },
});
const own = <A = never>(method: string, request: object = {}) => invoke<A>('SecondFactor', method, request, asUser());
const open = (code?: string): Promise<identityV1.OpenedSession> =>
  invoke('Credentials', 'openSession', { email: EMAIL, password: PASSWORD, code });
const link = async (): Promise<string> => {
  const { url } = await invoke<identityV1.SignInLink>('Users', 'inviteUser', { id: userId });
  return url.slice('/sign-in#'.length);
};
const choose = async (code?: string): Promise<identityV1.OpenedSession> =>
  invoke('Credentials', 'choosePassword', { id: userId, digest: digestOf(await link()), password: PASSWORD, code });
/** The code that the app shows so many half minutes from the beginning on. */
const code = (halfMinutes: number): string =>
  totp(secret, Math.floor(Date.parse('2026-01-01T09:00:00.000Z') / 30_000) + halfMinutes);
const later = (halfMinutes: number): void =>
  clock.set(new Date(Date.parse('2026-01-01T09:00:00.000Z') + halfMinutes * 30_000).toISOString());

beforeEach(async () => {
  now = 1_000;
  later(0);
  service = await startInProcess(
    identityModule(await inMemoryEngines({ clock, ticks: { ...monotonic, now: () => now } })),
  );
  const user = identityV1.User.fromPartial({ name: 'Ada', email: EMAIL });
  userId = (await invoke<identityV1.User>('Users', 'createUser', { user })).id;
  await choose();
  ({ secret } = await own<identityV1.ProposedSecondFactor>('proposeSecondFactor'));
});
afterEach(() => service.close());

const confirmed = async (): Promise<readonly string[]> =>
  (await own<identityV1.RecoveryCodes>('confirmSecondFactor', { code: code(0) })).codes;

describe('a second factor', () => {
  it('is asked for once the app has shown a right code, and each code is good once', async () => {
    await open();
    await expect(own('confirmSecondFactor', { code: '000000' })).rejects.toMatchObject({ code: 'code-wrong' });
    expect(await confirmed()).toHaveLength(10);
    expect(await own('getSecondFactor')).toEqual({ active: true, recoveryCodes: 10, demanded: false });
    await expect(open()).rejects.toMatchObject({ code: 'code-needed' });
    await expect(open(code(0))).rejects.toMatchObject({ code: 'code-refused' });
    later(1);
    expect(await open(code(1))).toMatchObject({ userId });
    await expect(open(code(1))).rejects.toMatchObject({ code: 'code-refused' });
  });

  it('has codes for who has lost the app, each good once', async () => {
    const [first, second] = await confirmed();
    expect(await open(first!.toUpperCase())).toMatchObject({ userId });
    await expect(open(first)).rejects.toMatchObject({ code: 'code-refused' });
    expect(await own('removeSecondFactor', { code: second })).toEqual({
      active: false,
      recoveryCodes: 0,
      demanded: false,
    });
    await open();
  });

  it('is asked for with a link, too', async () => {
    await confirmed();
    await expect(choose()).rejects.toMatchObject({ code: 'code-needed' });
    later(1);
    expect(await choose(code(1))).toMatchObject({ userId });
  });

  it('cannot be tried out', async () => {
    await confirmed();
    const codes: string[] = [];
    for (let n = 0; n < 7; n += 1)
      codes.push(
        await open('123456').then(
          () => 'in',
          ({ code: refused }: { code: string }) => refused,
        ),
      );
    expect(codes).toEqual([...Array<string>(5).fill('code-refused'), 'sign-in-locked', 'sign-in-locked']);
    later(1);
    await expect(open(code(1))).rejects.toMatchObject({ code: 'sign-in-locked' });
    now += 1_000;
    expect(await open(code(1))).toMatchObject({ userId });
  });

  it('is the person’s own, and an administrator’s to take away', async () => {
    await confirmed();
    const key = {
      principal: { ...asUser().principal!, actor: { kind: 'apiKey', id: 'k', onBehalfOf: userId } as const },
    };
    await expect(invoke('SecondFactor', 'proposeSecondFactor', {}, key)).rejects.toMatchObject({ code: 'people-only' });
    expect(await invoke('Users', 'removeUserSecondFactor', { id: userId })).toMatchObject({ active: false });
    await open();
  });

  it('is stored sealed, its codes for who has lost the app as digests', async () => {
    const codes = await confirmed();
    const { signal } = new AbortController();
    for await (const { events } of service.runtime.engines.events.follow({ prefixes: [], after: START, signal })) {
      const stored = JSON.stringify(events);
      expect(stored).toContain('SecondFactorConfirmed');
      for (const never of [secret, ...codes]) expect(stored).not.toContain(never);
      break;
    }
  });
});
