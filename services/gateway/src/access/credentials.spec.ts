import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type eventsV1, identityV1 } from '@rapport/contracts';
import { DomainError, newId } from '@rapport/kernel';
import { fakeContacts, FakeBackend, FakeFeed } from '../testing/fake-context.js';
import { type OpenGateway, openGateway } from '../testing/open-gateway.js';

const id = newId();
const secret = `rapport_main_${id.replaceAll('-', '')}_${'x'.repeat(32)}`;
const as = { authorization: secret };

let door: OpenGateway;
let now: number;
/** What identity says of the key, or an error that it fails with. */
let answer: Partial<identityV1.Credential> | Error;
let identity: FakeBackend;
const feed = new FakeFeed('contacts');
const news = new FakeFeed('identity');

beforeEach(async () => {
  now = 1_000;
  answer = {
    ...{ state: 'valid', tenant: 'main', id, name: 'ERP' },
    userId: 'u1',
    roles: ['viewer'],
    permissions: ['contacts.read', 'events.read'],
  };
  identity = new FakeBackend({
    'identity.v1.CredentialsService.resolve': async () => {
      if (answer instanceof Error) throw answer;
      return identityV1.Credential.fromPartial(answer);
    },
    'events.v1.ContextEventsService.pullEvents': (request: eventsV1.PullEventsRequest, call) =>
      news.pull(request, call),
    'identity.v1.ApiKeysService.revokeApiKey': async () => identityV1.ApiKey.fromPartial({ id }),
  });
  const contacts = { name: 'contacts', importKinds: [], backend: fakeContacts(feed) };
  const contexts = [contacts, { name: 'identity', importKinds: [], backend: identity }];
  door = await openGateway({ contexts, ticks: () => now });
});
afterEach(() => door.close());

const asked = (): number => identity.calls.filter(({ name }) => name.endsWith('resolve')).length;
const status = async (path = '/v1/contacts', method = 'GET'): Promise<number> =>
  (await door.call(method, path, method === 'POST' ? {} : undefined, as)).status;

describe('a key of identity', () => {
  it('lets somebody in, as whoever it is of, with what identity says', async () => {
    expect((await door.call('GET', '/v1/me', undefined, as)).body).toMatchObject({
      ...{ tenant: 'main', name: 'ERP', permissions: ['contacts.read', 'events.read'] },
      actor: { kind: 'apiKey', id, onBehalfOf: 'u1' },
    });
    expect(await status()).toBe(200);
    expect(await status('/v1/contacts', 'POST')).toBe(403);
    const { principal } = identity.calls[0]!.call;
    expect(principal).toEqual({ tenant: 'main', actor: { kind: 'system', id: 'gateway' }, roles: ['gateway'] });
    expect(JSON.stringify(identity.calls[0]!.request)).not.toContain(secret);
  });

  it('is asked for once in five seconds, not once a request', async () => {
    for (let n = 0; n < 5; n += 1) expect(await status()).toBe(200);
    expect(asked()).toBe(1);
    now += 5_000;
    answer = { state: 'ended' };
    expect(await status()).toBe(401);
    expect(asked()).toBe(2);
  });

  it('is asked for at once when something was written through this door', async () => {
    expect(await status()).toBe(200);
    answer = { ...answer, permissions: ['events.read'] };
    await door.call('DELETE', `/v1/api-keys/${id}`);
    expect(await status()).toBe(403);
  });

  it('that nobody knows is refused like any other', async () => {
    answer = { state: 'unknown' };
    expect((await door.call('GET', '/v1/me', undefined, as)).body.code).toBe('token-unknown');
    const [plain, shorter] = ['rapport_nobody-knows-this', secret.slice(0, -1)];
    for (const authorization of [plain, shorter]) {
      const refused = await door.call('GET', '/v1/me', undefined, { authorization: authorization });
      expect(refused.body.code).toBe('token-unknown');
    }
    expect(asked()).toBe(3);
  });

  it('is believed for ten seconds without identity, and not longer', async () => {
    expect(await status()).toBe(200);
    answer = new DomainError('unavailable', 'away', 'Away.');
    now += 9_000;
    expect(await status()).toBe(200);
    now += 1_000;
    const { status: late, body } = await door.call('GET', '/v1/me', undefined, as);
    expect([late, body.code]).toEqual([503, 'identity-unreachable']);
  });

  it('ends its open streams when it ends', async () => {
    const stream = await door.fetch('/v1/events/stream', { token: secret });
    const reader = stream.body!.getReader();
    await reader.read();
    answer = { state: 'ended' };
    await door.call('DELETE', `/v1/api-keys/${id}`);
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read())
      text += Buffer.from(part.value).toString();
    expect(text).toContain('the stream ends here');
  });
});
