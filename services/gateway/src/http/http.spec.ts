import { describe, expect, it, jest } from '@jest/globals';
import { contactsV1 } from '@rapport/contracts';
import fc from 'fast-check';
import { once } from 'node:events';
import { connect } from 'node:net';
import { FakeBackend, fakeContacts } from '../testing/fake-context.js';
import { ADMIN, openGateway } from '../testing/open-gateway.js';
import { malformedJson } from '../problems/json-fault.js';

// A loaded machine is no fault of ours.
jest.setTimeout(60_000);

describe('health', () => {
  it('reports every part, and 503 with what is missing', async () => {
    const parts = [{ name: 'sales', ready: false, detail: 'The projection "board" is being rebuilt.' }];
    const door = await openGateway({ readiness: () => ({ ready: false, parts }) });
    expect((await door.call('GET', '/healthz')).body).toEqual({ alive: true });
    const { status, body } = await door.call('GET', '/readyz');
    expect(status).toBe(503);
    expect(body).toEqual({ ready: false, parts: [{ name: 'gateway', ready: true }, ...parts] });
    await door.close();
  });

  it('has metrics when somebody gives them', async () => {
    const door = await openGateway({
      metrics: (_request, response) =>
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end('up 1\n'),
    });
    const response = await door.fetch('/metrics', { token: null });
    expect(await response.text()).toBe('up 1\n');
    await door.close();
  });
});

describe('closing', () => {
  it('does not wait for connections on which nobody says a word', async () => {
    const door = await openGateway();
    const { hostname, port } = new URL(door.gateway.address);
    const socket = connect(Number(port), hostname).resume();
    const ended = once(socket, 'close');
    await once(socket, 'connect');
    expect((await door.call('GET', '/healthz')).status).toBe(200);
    await door.close();
    await ended;
    expect(socket.bytesRead).toBe(0);
    // Sooner than Node's time-out for headers, a minute.
  }, 30_000);

  it('finishes what is under way and takes nothing new', async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<object>();
    const backend = new FakeBackend({
      'contacts.v1.ContactsService.getContact': () => {
        asked.resolve();
        return answer.promise;
      },
    });
    const door = await openGateway({ backend });
    const response = door.call('GET', '/v1/contacts/01a20115-9ed5-720c-9a0c-c25e702383a5');
    await asked.promise;
    const closed = door.close();
    answer.resolve(contactsV1.Contact.fromPartial({ lastName: 'King' }));
    expect((await response).body.lastName).toBe('King');
    await closed;
    await expect(door.fetch('/healthz')).rejects.toThrow();
  });
});

describe('closing under a body that does not end', () => {
  it('waits for it no longer than it is told to', async () => {
    const door = await openGateway({ drainMilliseconds: 50 });
    const { hostname, port } = new URL(door.gateway.address);
    const socket = connect(Number(port), hostname).resume();
    const ended = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.write(`POST /v1/contacts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ADMIN}\r\n`);
    socket.write('Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
    expect((await door.call('GET', '/healthz')).status).toBe(200);
    await door.close();
    await ended;
  });
});

describe('a request that cannot be read', () => {
  it.each([
    [
      'headers beyond measure',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`,
      431,
      'headers-too-large',
    ],
    ['no HTTP at all', 'HELO example.org\r\n\r\n', 400, 'malformed-request'],
  ])('is answered with a problem: %s', async (_, request, status, code) => {
    const door = await openGateway();
    const { hostname, port } = new URL(door.gateway.address);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (data: Buffer) => (answer += data.toString()));
    socket.write(request);
    await once(socket, 'close');
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain('Content-Type: application/problem+json');
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ status, code });
    await door.close();
  });
});

describe('pages of other origins', () => {
  const headers = { origin: 'https://crm.example', 'access-control-request-method': 'POST' };

  it('are kept out unless named', async () => {
    const door = await openGateway();
    const response = await door.fetch('/v1/contacts', { method: 'OPTIONS', headers });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    await door.close();
  });

  it('are let in by name', async () => {
    const door = await openGateway({ config: { corsOrigins: ['https://crm.example'] } });
    const preflight = await door.fetch('/v1/contacts', { method: 'OPTIONS', headers, token: null });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://crm.example');
    const read = await door.fetch('/v1/contacts', { headers: { origin: 'https://crm.example' } });
    expect(read.headers.get('access-control-allow-origin')).toBe('https://crm.example');
    const other = await door.fetch('/v1/contacts', { headers: { origin: 'https://evil.example' } });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    await door.close();
  });
});

describe('whatever is sent', () => {
  const paths = ['/v1/contacts', '/v1/contacts:batch', '/v1/imports/accounts', '/v1/access-tokens'];
  const names = [
    'firstName',
    'email',
    'tags',
    'address',
    'rows',
    'create',
    'update',
    'fileName',
    'settings',
    'columns',
    '__proto__',
    'constructor',
  ];
  const key = fc.oneof(fc.constantFrom(...names), fc.string());
  const json = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.jsonValue(), tie('object'), fc.array(tie('value'), { maxLength: 4 })),
    object: fc.dictionary(key, tie('value'), { maxKeys: 6, noNullPrototype: true }),
  })).value;

  it('never gives an internal error', async () => {
    const door = await openGateway({ backend: fakeContacts(), config: { rateLimit: { quota: 0, windowSeconds: 1 } } });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), json, async (path, body) => {
        const { status, body: answer } = await door.call('POST', path, JSON.stringify(body));
        expect(status).toBeLessThan(500);
        if (status >= 400) expect(answer).toMatchObject({ code: expect.any(String), detail: expect.any(String) });
      }),
      { numRuns: 300 },
    );
    await door.close();
  });

  it('is never a wrong place when it is no JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('', 'x', '}', ',', '"'), (text, at, extra) => {
        const broken =
          text.slice(0, at % (text.length + 1)) + extra + (extra === '' ? '' : text.slice(at % (text.length + 1)));
        try {
          JSON.parse(broken);
        } catch {
          const place = Number(/position (\d+)/.exec(malformedJson(broken).message)![1]);
          expect(place).toBeLessThanOrEqual(broken.length);
          // What stands before the place can still become JSON: cutting there never makes the fault come earlier.
          const earlier = Number(/position (\d+)/.exec(malformedJson(broken.slice(0, place)).message)![1]);
          expect(earlier).toBeLessThanOrEqual(place);
        }
      }),
    );
  });

  it('a token in the address is not one', async () => {
    const door = await openGateway();
    expect((await door.fetch(`/v1/me?access_token=${ADMIN}`, { token: null })).status).toBe(401);
    await door.close();
  });
});

describe('every answer', () => {
  it.each(['/v1/me', '/v1/nothing', '/healthz', '/openapi.json', '/docs'])(
    '%s is read as what it is, and shown nowhere else',
    async (path) => {
      const door = await openGateway();
      const { headers } = await door.fetch(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('server') ?? headers.get('x-powered-by')).toBe(null);
      await door.close();
    },
  );
});
