import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { identityV1 } from '@rapport/contracts';
import { type CallContext, fixedClock } from '@rapport/kernel';
import { auditEntries, type Engines, type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { identityModule } from '../../identity.module.js';
import { digestOf } from '../secret.js';

const EMAIL = 'ada@example.org';
const PASSWORD = 'an engine that weaves patterns';
const ADDRESS = '192.0.2.1';
const clock = fixedClock('2026-01-01T09:00:00.000Z');
let engines: Engines;
let service: RunningService;
let userId: string;

const invoke = async <A = never>(contract: string, method: string, request: object, given: Partial<CallContext> = {}) =>
  (await service.backend.invoke(`rapport.identity.v1.${contract}Service`, method, request, callBy(given))) as A;
/** Whoever looks next sees it in the trail. */
const seen = async (): Promise<void> => {
  await auditEntries(service.runtime).reach(await service.runtime.events.end(), 5_000);
};
const open = async (password = PASSWORD): Promise<string> => {
  await seen();
  clock.set(new Date(clock.now().getTime() + 1).toISOString());
  return invoke('Credentials', 'openSession', { email: EMAIL, password, address: ADDRESS }).then(
    () => 'in',
    (failure: { code: string }) => failure.code,
  );
};
const fail = async (times: number): Promise<string[]> => {
  const codes: string[] = [];
  for (let n = 0; n < times; n += 1) codes.push(await open('wrong'));
  return codes;
};
const pass = (seconds: number): void => clock.set(new Date(clock.now().getTime() + seconds * 1000).toISOString());

beforeEach(async () => {
  clock.set('2026-01-01T09:00:00.000Z');
  engines = await inMemoryEngines({ clock });
  service = await startInProcess(identityModule(engines));
  const user = identityV1.User.fromPartial({ name: 'Ada', email: EMAIL });
  userId = (await invoke<identityV1.User>('Users', 'createUser', { user })).id;
  const { url } = await invoke<identityV1.SignInLink>('Users', 'inviteUser', { id: userId });
  const digest = digestOf(url.slice('/sign-in#'.length));
  await invoke('Credentials', 'choosePassword', { id: userId, digest, password: PASSWORD, address: ADDRESS });
});
afterEach(() => service.close());

describe('an account at which signing in has failed too often', () => {
  it('has to wait, longer each time, whichever process is asked, and is forgiven by succeeding', async () => {
    expect(new Set(await fail(10))).toEqual(new Set(['sign-in-refused']));
    expect(await open()).toBe('sign-in-locked');
    await service.close();
    service = await startInProcess(identityModule(engines));
    expect(await open()).toBe('sign-in-locked');
    pass(1);
    expect(await open('wrong')).toBe('sign-in-refused');
    pass(1);
    expect(await open()).toBe('sign-in-locked');
    pass(1);
    expect(await open()).toBe('in');
    expect(await fail(3)).toEqual(Array(3).fill('sign-in-refused'));
  });

  it('is noted once a minute, and waits for no more than a quarter of an hour', async () => {
    await fail(10);
    for (let n = 0; n < 4; n += 1) await open();
    await seen();
    const noted = async () => {
      const { documents } = await auditEntries(service.runtime).documents.query(everythingOf('main'), { limit: 100 });
      return documents.filter(({ code }) => code === 'sign-in-locked');
    };
    expect(await noted()).toMatchObject([{ personId: userId, address: ADDRESS }]);
    for (let n = 0; n < 20; n += 1) {
      pass(900);
      await open('wrong');
    }
    expect(await open()).toBe('sign-in-locked');
    pass(900);
    expect(await open()).toBe('in');
  });
});

describe('a gateway that has held somebody back', () => {
  it('has it noted, for who has the address, and for strangers as such', async () => {
    for (const email of [EMAIL, 'nobody@example.org'])
      await invoke('Credentials', 'noteHeldBack', { email, address: ADDRESS });
    await seen();
    expect(await open()).toBe('in');
  });
});
