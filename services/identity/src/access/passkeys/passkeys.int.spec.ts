import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identityV1 } from '@rapport/contracts';
import { type CallContext, fixedClock, newId, START } from '@rapport/kernel';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines, type Misdeeds, SoftwarePasskey } from '@rapport/testing';
import fc from 'fast-check';
import { identityModule } from '../../identity.module.js';
import { handleOf } from './passkeys.js';

const PAGE = 'https://crm.example.org';
const clock = fixedClock('2026-01-01T09:00:00.000Z');
let service: RunningService;
let ada: identityV1.User;

const invoke = async <A = never>(contract: string, method: string, request: object, given: Partial<CallContext> = {}) =>
  (await service.backend.invoke(`rapport.identity.v1.${contract}Service`, method, request, callBy(given))) as A;
const as = (id: string): Partial<CallContext> => ({
  principal: { tenant: 'main', actor: { kind: 'user', id }, roles: [], permissions: ['self.read'] },
});
const own = <A = never>(method: string, request: object = {}, id = ada.id): Promise<A> =>
  invoke('Passkeys', method, request, as(id));
const createUser = (name: string): Promise<identityV1.User> =>
  invoke('Users', 'createUser', {
    user: identityV1.User.fromPartial({ name, email: `${name.toLowerCase()}@example.org` }),
  });
const listed = async (id = ada.id) => (await own<identityV1.ListPasskeysResponse>('listPasskeys', {}, id)).data;
const start = async (publicUrl: string | undefined = PAGE): Promise<void> => {
  service = await startInProcess(identityModule(await inMemoryEngines({ clock, ...(publicUrl && { publicUrl }) })));
  ada = await createUser('Ada');
};
const later = (milliseconds = 1000): void => clock.set(new Date(clock.now().getTime() + milliseconds).toISOString());
const propose = (id = ada.id): Promise<identityV1.PasskeyProposal> => own('proposePasskey', {}, id);
type Proposal = Parameters<SoftwarePasskey['create']>[0];

const enrol = async (device: SoftwarePasskey, misdeeds: Misdeeds = {}, id = ada.id): Promise<identityV1.Passkey> => {
  later();
  const said = device.create((await propose(id)) as Proposal, misdeeds);
  return own('enrolPasskey', { name: 'Laptop', ...said }, id);
};
const challenge = (): Promise<identityV1.PasskeyChallenge> => {
  later();
  return invoke('Credentials', 'getPasskeyChallenge', {});
};
const send = ({ id: credentialId, ...said }: ReturnType<SoftwarePasskey['get']>): Promise<identityV1.OpenedSession> =>
  invoke('Credentials', 'openPasskeySession', { credentialId, ...said, address: '192.0.2.1' });
const open = async (device: SoftwarePasskey, misdeeds: Misdeeds = {}) => send(device.get(await challenge(), misdeeds));
const refused = { code: 'sign-in-refused' };

beforeEach(async () => {
  clock.set('2026-01-01T09:00:00.000Z');
  await start();
});
afterEach(() => service.close());

describe('a passkey', () => {
  it.each(['P-256', 'Ed25519'] as const)('of the curve %s lets its user in, without a code', async (curve) => {
    const device = new SoftwarePasskey(PAGE, curve);
    const { id } = await enrol(device);
    const opened = await open(device);
    expect(opened.userId).toBe(ada.id);
    await open(device);
    expect(await listed()).toMatchObject([{ id, name: 'Laptop', usedAt: expect.any(String) }]);
  });

  it('is renamed and removed by its user alone, and then opens nothing', async () => {
    const [device, bo] = [new SoftwarePasskey(PAGE), await createUser('Bo')];
    const { id } = await enrol(device);
    for (const [method, request] of [
      ['renamePasskey', { id, name: 'Mine' }],
      ['removePasskey', { id }],
    ] as const)
      await expect(own(method, request, bo.id)).rejects.toMatchObject({ code: 'passkey-not-found' });
    expect(await own('renamePasskey', { id, name: 'Phone' })).toMatchObject({ id, name: 'Phone' });
    expect(await own('removePasskey', { id })).toMatchObject({ id, name: 'Phone' });
    await expect(open(device)).rejects.toMatchObject(refused);
    expect(await listed()).toEqual([]);
  });

  it('is nobody’s to enrol but of who has signed in, once per device', async () => {
    const device = new SoftwarePasskey(PAGE);
    await enrol(device);
    await expect(enrol(device)).rejects.toMatchObject({ code: 'passkey-known' });
    const key = { tenant: 'main', actor: { kind: 'apiKey', id: newId(), onBehalfOf: ada.id }, roles: [] } as const;
    await expect(invoke('Passkeys', 'proposePasskey', {}, { principal: key })).rejects.toMatchObject({
      code: 'people-only',
    });
    const proposal = await propose();
    expect(proposal).toMatchObject({ rp: { id: 'crm.example.org' }, excludeCredentials: [{ id: device.id }] });
  });

  it('never wakes who was deactivated, and goes with who leaves or is erased', async () => {
    const device = new SoftwarePasskey(PAGE);
    await enrol(device);
    await invoke('Users', 'archiveUser', { id: ada.id });
    await expect(open(device)).rejects.toMatchObject(refused);
    await invoke('Users', 'restoreUser', { id: ada.id });
    expect((await open(device)).userId).toBe(ada.id);
    const { id: successorId } = await createUser('Bo');
    await invoke('Handovers', 'leaveUser', { id: ada.id, successorId });
    await invoke('Users', 'restoreUser', { id: ada.id });
    await expect(open(device)).rejects.toMatchObject(refused);
    const other = new SoftwarePasskey(PAGE);
    await enrol(other);
    await invoke('Users', 'eraseUser', { id: ada.id });
    await expect(open(other)).rejects.toMatchObject(refused);
  });

  it('is removed by an administrator, for who has lost the device', async () => {
    const device = new SoftwarePasskey(PAGE);
    await enrol(device);
    expect(await invoke('Users', 'removeUserPasskeys', { id: ada.id })).toEqual({ data: [] });
    await expect(open(device)).rejects.toMatchObject(refused);
  });

  it('is nowhere readable in what is stored', async () => {
    const device = new SoftwarePasskey(PAGE);
    await enrol(device);
    const { signal } = new AbortController();
    for await (const { events } of service.runtime.engines.events.follow({ prefixes: [], after: START, signal })) {
      const stored = JSON.stringify(events);
      expect(stored).toContain('PasskeyEnrolled');
      for (const never of [device.id, 'Laptop']) expect(stored).not.toContain(never);
      break;
    }
  });
});

describe('signing in with a passkey', () => {
  let device: SoftwarePasskey;
  beforeEach(async () => {
    device = new SoftwarePasskey(PAGE);
    await enrol(device);
  });

  it.each<[string, Misdeeds]>([
    ['a page of somebody else asked for it', { origin: 'https://crm.example.com' }],
    ['the page of another port', { origin: `${PAGE}:8443` }],
    ['it is for another host', { rpId: 'example.org' }],
    ['nobody has looked who holds the device', { unverified: true }],
    ['it was made up for enrolling', { type: 'webauthn.create' }],
    ['nobody has asked for it', { challenge: Buffer.alloc(56).toString('base64url') }],
    ['the challenge is no challenge', { challenge: 'x' }],
    ['the user is another one', { userHandle: handleOf(newId()) }],
    ['the user is none', { userHandle: 'bm9ib2R5' }],
  ])('is refused where %s', async (_, misdeeds) => {
    await expect(open(device, misdeeds)).rejects.toMatchObject(refused);
    expect((await open(device)).userId).toBe(ada.id);
  });

  it('takes an answer once, each challenge once, and for five minutes', async () => {
    const asked = await challenge();
    const said = device.get(asked);
    await send(said);
    await expect(send(said)).rejects.toMatchObject(refused);
    await expect(send(device.get(asked))).rejects.toMatchObject(refused);
    const late = await challenge();
    later(5 * 60_000);
    await expect(send(device.get(late))).rejects.toMatchObject(refused);
  });

  it('takes one of two that come with one answer at the same moment', async () => {
    const said = device.get(await challenge());
    const all = await Promise.allSettled([send(said), send(said), send(said)]);
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('notices a copy of the device by its counter, which may stay 0', async () => {
    await open(device, { counter: 7 });
    await expect(open(device, { counter: 7 })).rejects.toMatchObject(refused);
    await expect(open(device, { counter: 3 })).rejects.toMatchObject(refused);
    await open(device, { counter: 8 });
    const [countless, bo] = [new SoftwarePasskey(PAGE), await createUser('Bo')];
    await enrol(countless, {}, bo.id);
    for (let n = 0; n < 2; n += 1) expect((await open(countless, { counter: 0 })).userId).toBe(bo.id);
  });

  it('takes nobody for somebody else', async () => {
    const [other, bo] = [new SoftwarePasskey(PAGE), await createUser('Bo')];
    await enrol(other, {}, bo.id);
    await expect(open(other, { userHandle: handleOf(ada.id) })).rejects.toMatchObject(refused);
    const said = other.get(await challenge(), { userHandle: handleOf(ada.id) });
    await expect(send({ ...said, id: device.id })).rejects.toMatchObject(refused);
  });

  it('refuses whatever else is sent, in the same words', async () => {
    const asked = await challenge();
    const sound = device.get(asked);
    const text = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
      fc.string(),
    );
    const field = fc.constantFrom('clientData', 'authenticatorData', 'signature', 'userHandle', 'id');
    await fc.assert(
      fc.asyncProperty(field, text, async (name, value) => {
        fc.pre(value !== (sound as Record<string, string>)[name]);
        await expect(send({ ...sound, [name]: value })).rejects.toMatchObject(refused);
      }),
      { numRuns: 60 },
    );
    expect((await send(sound)).userId).toBe(ada.id);
  });
});

describe('enrolling a passkey', () => {
  const notTaken = { code: 'passkey-refused' };

  it.each<[string, Misdeeds]>([
    ['a page of somebody else asked for it', { origin: 'https://evil.example' }],
    ['it is for another host', { rpId: 'evil.example' }],
    ['nobody has looked who holds the device', { unverified: true }],
    ['it was made for signing in', { type: 'webauthn.get' }],
    ['nobody has asked for it', { challenge: Buffer.alloc(56).toString('base64url') }],
  ])('is refused where %s', async (_, misdeeds) => {
    await expect(enrol(new SoftwarePasskey(PAGE), misdeeds)).rejects.toMatchObject(notTaken);
    expect(await listed()).toEqual([]);
  });

  it('takes no challenge that was made for somebody else, for signing in, or answered before', async () => {
    const [device, bo] = [new SoftwarePasskey(PAGE), await createUser('Bo')];
    const proposal = (await propose(bo.id)) as Proposal;
    const asked = (said: Proposal) => ({ name: 'x', ...device.create(said) });
    await expect(own('enrolPasskey', asked(proposal))).rejects.toMatchObject(notTaken);
    const toSignIn = { ...proposal, challenge: (await challenge()).challenge };
    await expect(own('enrolPasskey', asked(toSignIn))).rejects.toMatchObject(notTaken);
    await expect(open(device, { challenge: proposal.challenge })).rejects.toMatchObject(refused);
    const first = asked(proposal);
    const { id } = await own<identityV1.Passkey>('enrolPasskey', first, bo.id);
    await own('removePasskey', { id }, bo.id);
    await expect(own('enrolPasskey', first, bo.id)).rejects.toMatchObject({ code: 'challenge-ended' });
  });

  it('refuses what is no attestation', async () => {
    const device = new SoftwarePasskey(PAGE);
    later();
    const sound = device.create((await propose()) as Proposal);
    const nested = Buffer.alloc(15_000, 0x81).toString('base64url');
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.nat({ max: 180 }).map((at) => Buffer.from(sound.attestation, 'base64url').subarray(0, at)),
    );
    const attestations = fc.oneof(
      bytes.map((each) => Buffer.from(each).toString('base64url')),
      fc.constant(nested),
    );
    await fc.assert(
      fc.asyncProperty(attestations, async (attestation) => {
        await expect(own('enrolPasskey', { name: 'x', ...sound, attestation })).rejects.toMatchObject(notTaken);
      }),
      { numRuns: 60 },
    );
    expect(await own('enrolPasskey', { name: 'x', ...sound })).toMatchObject({ name: 'x' });
  });
});

describe('where passkeys are for', () => {
  it('is localhost at any port where nobody has said otherwise', async () => {
    await service.close();
    service = await startInProcess(identityModule(await inMemoryEngines({ clock })));
    ada = await createUser('Ada');
    const device = new SoftwarePasskey('http://localhost:3000');
    await enrol(device);
    expect((await open(device)).userId).toBe(ada.id);
    await expect(open(device, { origin: 'http://127.0.0.1:3000' })).rejects.toMatchObject(refused);
  });

  it.each(['http://crm.example.org', 'https://192.0.2.7', 'https://[2001:db8::1]'])(
    'is no address that browsers know none for: %s',
    async (publicUrl) => {
      await service.close();
      await start(publicUrl);
      await expect(propose()).rejects.toMatchObject({ code: 'passkeys-unavailable' });
      await expect(challenge()).rejects.toMatchObject({ code: 'passkeys-unavailable' });
    },
  );
});

it('whoever asks for a challenge leaves nothing behind in tenants that there are not', async () => {
  const principal = { tenant: 'nowhere', actor: { kind: 'system', id: 'gateway' }, roles: [] } as const;
  const asked = await invoke<identityV1.PasskeyChallenge>('Credentials', 'getPasskeyChallenge', {}, { principal });
  expect(asked.challenge).toHaveLength((await challenge()).challenge.length);
  const kept = await Array.fromAsync(service.runtime.engines.keys.entries());
  expect(kept.flat().filter(({ subject }) => subject.tenant === 'nowhere')).toEqual([]);
});
