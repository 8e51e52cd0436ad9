import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@rapport/kernel';
import { fakeContacts } from '../testing/fake-context.js';
import { type OpenGateway, openGateway } from '../testing/open-gateway.js';

const backend = fakeContacts();
let door: OpenGateway;

beforeAll(async () => {
  door = await openGateway({ backend, config: { rateLimit: { quota: 0, windowSeconds: 10 } } });
});

afterAll(() => door.close());

const ada = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.org', tags: ['vip'] };
const create = async () => (await door.call('POST', '/v1/contacts', ada)).body as { id: string };

describe('a create', () => {
  it('answers 201 with the record, its address, revision and consistency token', async () => {
    const { status, headers, body } = await door.call('POST', '/v1/contacts', ada);
    expect(status).toBe(201);
    expect(body).toMatchObject(ada);
    expect(headers.get('location')).toBe(`/v1/contacts/${body.id}`);
    expect(headers.get('etag')).toBe('"0"');
    expect(headers.get('rapport-consistency')).toBe('contacts:0');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('hands the service a whole message and the circumstances', async () => {
    const headers = { 'idempotency-key': 'k1', 'rapport-consistency': 'sales:7', 'x-correlation-id': 'c-1' };
    const answer = await door.call('POST', '/v1/contacts', { lastName: 'King', title: null }, headers);
    const { request, call } = backend.lastCall;
    expect(request).toMatchObject({ contact: { lastName: 'King', tags: [], title: undefined, erased: false } });
    expect(call).toMatchObject({ idempotencyKey: 'k1', consistency: 'sales:7', correlationId: 'c-1' });
    expect(call.principal).toMatchObject({ tenant: 'main', roles: ['administrator', 'operator'] });
    expect(answer.headers.get('x-correlation-id')).toBe('c-1');
  });

  it('takes the correlation id from traceparent when there is no other', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { headers } = await door.call('POST', '/v1/contacts', {}, { traceparent });
    expect(headers.get('x-correlation-id')).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(backend.lastCall.call.traceparent).toBe(traceparent);
  });

  it('of an import knows the kind from the path', async () => {
    const { status, body, headers } = await door.call('POST', '/v1/imports/accounts', { fileName: 'a.csv' });
    expect(status).toBe(201);
    expect(body.kind).toBe('accounts');
    expect(headers.get('location')).toBe(`/v1/imports/accounts/${body.id}`);
  });
});

describe('what is wrong with a body', () => {
  const cases: [string, unknown, string, string, RegExp][] = [
    ['an unknown field', { emial: 'x' }, '/emial', 'unknown-field', /Did you mean "email"/],
    [
      'an unknown field in a nested message',
      { address: { town: 'x' } },
      '/address/town',
      'unknown-field',
      /There are: street/,
    ],
    ['a field that Rapport sets', { id: newId() }, '/id', 'output-only', /leave it out/],
    ['a wrong type', { firstName: 7 }, '/firstName', 'wrong-type', /must be a string/],
    ['a wrong type in a list', { tags: ['a', 1] }, '/tags/1', 'wrong-type', /must be a string/],
    ['a wrong format', { email: 'nobody' }, '/email', 'wrong-format', /e-mail address/],
    ['a bad id', { accountId: 'x' }, '/accountId', 'wrong-format', /UUID/],
    ['too long a text', { title: 'x'.repeat(201) }, '/title', 'too-long', /at most 200/],
    ['too many entries', { tags: Array.from({ length: 101 }, () => 'x') }, '/tags', 'too-many', /at most 100/],
    ['a list instead of an object', [], '', 'wrong-type', /must be an object/],
    ['a prototype', '{"__proto__":{"admin":true}}', '/__proto__', 'unknown-field', /__proto__/],
    ['an escape in a name', { 'a/b~c': 1 }, '/a~1b~0c', 'unknown-field', /a\/b~c/],
  ];

  it.each(cases)('%s is named', async (_name, body, pointer, code, message) => {
    const answer = await door.call('POST', '/v1/contacts', body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(answer.body).toMatchObject({ type: '/problems/invalid-request', code: 'invalid-request', retryable: false });
    expect(answer.body.instance).toBe('/v1/contacts');
    expect(answer.body.errors).toEqual([{ pointer, code, message: expect.stringMatching(message) }]);
  });

  it('is named all at once, up to a bound', async () => {
    const body = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`unknown${i}`, i]));
    const answer = await door.call('POST', '/v1/contacts', { ...body });
    expect(answer.body.errors).toHaveLength(20);
  });

  it('is a missing field where one is required', async () => {
    const { status, body } = await door.call('POST', '/v1/imports/accounts', {});
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ pointer: '/fileName', code: 'required', message: '"fileName" is required.' }]);
  });

  it('is that there is none', async () => {
    const { status, body } = await door.call('POST', '/v1/contacts');
    expect(status).toBe(400);
    expect(body.code).toBe('body-missing');
  });

  it.each([
    ['{"firstName": }', 14],
    ['{"firstName": "Ada"', 19],
    ['{"a": [1, 2,, 3]}', 12],
    ['nul', 0],
    ['{"a": 1} x', 9],
  ])('is the place where %s is no JSON', async (text, position) => {
    const { status, body } = await door.call('POST', '/v1/contacts', text);
    expect(status).toBe(400);
    expect(body.code).toBe('malformed-json');
    expect(body.detail).toContain(`(position ${position})`);
  });

  it.each([
    ['in Latin-1', Buffer.from('{"lastName":"\xe9"}', 'latin1'), '0xE9 at offset 13'],
    [
      'behind a U+FFFD that was sent',
      Buffer.from('{"lastName":"\xef\xbf\xbd\xef\xbf!"}', 'latin1'),
      '0xEF at offset 16',
    ],
    ['that ends too early', Buffer.from('{"lastName":"\xe2\x82', 'latin1'), '0xE2 at offset 13'],
    ['of a lone surrogate', Buffer.from('"\xed\xa0\x80"', 'latin1'), '0xED at offset 1'],
  ])('is the place where it is not UTF-8: %s', async (_, body, place) => {
    const response = await door.fetch('/v1/contacts', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'not-utf-8', detail: expect.stringContaining(place) });
  });

  it('is its size', async () => {
    const { status, body } = await door.call('POST', '/v1/contacts', { description: 'x'.repeat(1024 * 1024) });
    expect(status).toBe(413);
    expect(body.code).toBe('body-too-large');
  });

  it('is its media type', async () => {
    const { status, body } = await door.call('POST', '/v1/contacts', 'a=b', { 'content-type': 'text/plain' });
    expect(status).toBe(415);
    expect(body.code).toBe('unsupported-media-type');
  });
});

describe('a change', () => {
  it('names the fields of the body in its mask, and null clears', async () => {
    const { id } = await create();
    const { status, body } = await door.call('PATCH', `/v1/contacts/${id}`, { email: null, title: 'Countess' });
    expect(status).toBe(200);
    expect(backend.lastCall.request).toMatchObject({ id, updateMask: ['email', 'title'] });
    expect(body).toMatchObject({ firstName: 'Ada', title: 'Countess' });
    expect(body).not.toHaveProperty('email');
  });

  it('with a stale If-Match is refused with the current version', async () => {
    const { id } = await create();
    await door.call('PATCH', `/v1/contacts/${id}`, { title: 'x' }, { 'if-match': '"0"' });
    const { status, headers, body } = await door.call(
      'PATCH',
      `/v1/contacts/${id}`,
      { title: 'y' },
      { 'if-match': '"0"' },
    );
    expect(status).toBe(412);
    expect(headers.get('etag')).toBe('"1"');
    expect(body).toMatchObject({ code: 'stale-revision', currentRevision: 1 });
  });

  it.each(['1', 'W/"1"', '"x"', '"1", "2"'])('with If-Match: %s is refused', async (ifMatch) => {
    const { status, body } = await door.call('PATCH', `/v1/contacts/${newId()}`, {}, { 'if-match': ifMatch });
    expect(status).toBe(400);
    expect(body.code).toBe('malformed-if-match');
  });

  it.each(['', 'with space', 'x'.repeat(256), 'schlüssel'])('with Idempotency-Key %j is refused', async (key) => {
    const { status, body } = await door.call(
      'POST',
      '/v1/contacts',
      {},
      { 'idempotency-key': encodeURI(key) === key ? key : 'a b' },
    );
    expect(status).toBe(400);
    expect(body.code).toBe('malformed-idempotency-key');
  });
});

describe('a read', () => {
  it('answers 304 when the client knows the revision', async () => {
    const { id } = await create();
    const known = await door.call('GET', `/v1/contacts/${id}`, undefined, { 'if-none-match': '"5", W/"0"' });
    expect(known.status).toBe(304);
    expect(known.body).toBeUndefined();
    const unknown = await door.call('GET', `/v1/contacts/${id}`, undefined, { 'if-none-match': '"1"' });
    expect(unknown.status).toBe(200);
  });

  it('converts query parameters by their types', async () => {
    const { status } = await door.call('GET', '/v1/contacts?limit=10&total=true&filter=lastName%20%3D%20%22x%22');
    expect(status).toBe(200);
    expect(backend.lastCall.request).toMatchObject({ limit: 10, total: true, filter: 'lastName = "x"' });
  });

  it.each([
    ['limit=many', '/limit', 'wrong-type'],
    ['limit=0', '/limit', 'too-small'],
    ['limit=1.5', '/limit', 'wrong-type'],
    ['limit=1&limit=2', '/limit', 'wrong-type'],
    ['total=yes', '/total', 'wrong-type'],
    ['limti=1', '/limti', 'unknown-parameter'],
    ['__proto__=1', '/__proto__', 'unknown-parameter'],
  ])('refuses ?%s by name', async (query, pointer, code) => {
    const { status, body } = await door.call('GET', `/v1/contacts?${query}`);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ pointer, code }]);
  });

  it('refuses an id that is none', async () => {
    const { status, body } = await door.call('GET', '/v1/contacts/17');
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ pointer: '/id', code: 'wrong-format' }]);
  });
});

describe('a batch', () => {
  it('answers 207; faulty rows have their own outcome and the others go on', async () => {
    const id = newId();
    const rows = [
      { clientRef: 'a', create: ada },
      { clientRef: 'b', create: { emial: 'x' } },
      { clientRef: 'c', update: { id, contact: { title: null } } },
      'nonsense',
    ];
    const { status, body } = await door.call('POST', '/v1/contacts:batch', { rows });
    expect(status).toBe(207);
    expect(body.data.map((row: { status: number }) => row.status)).toEqual([201, 400, 201, 400]);
    expect(body.data[1]).toMatchObject({ clientRef: 'b', problem: { errors: [{ pointer: '/create/emial' }] } });
    expect(backend.lastCall.request).toMatchObject({
      rows: [{ clientRef: 'a' }, { update: { id, updateMask: ['title'] } }],
    });
  });

  it('of more than 200 rows is refused', async () => {
    const { status, body } = await door.call('POST', '/v1/contacts:batch', {
      rows: Array.from({ length: 201 }, () => ({})),
    });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ pointer: '/rows', code: 'too-many' }]);
  });
});

describe('an address', () => {
  it('is told by its verb', async () => {
    const { id } = await create();
    expect((await door.call('POST', `/v1/contacts/${id}:archive`)).status).toBe(200);
    expect(backend.lastCall).toMatchObject({ name: 'contacts.v1.ContactsService.archiveContact', request: { id } });
    expect((await door.call('DELETE', `/v1/contacts/${id}`)).status).toBe(200);
    expect(backend.lastCall.name).toBe('contacts.v1.ContactsService.archiveContact');
  });

  it.each([
    ['GET', '/v2/contacts', 404, null],
    ['GET', `/v1/imports/unknown/${newId()}`, 404, null],
    ['POST', `/v1/contacts/${newId()}:explode`, 404, null],
    ['PUT', '/v1/contacts', 405, 'POST, GET, HEAD'],
    ['POST', `/v1/contacts/${newId()}`, 405, 'GET, PATCH, DELETE, HEAD'],
    ['GET', `/v1/contacts/${newId()}:archive`, 405, 'POST'],
    ['GET', '/v1/contacts:batch', 405, 'POST'],
    ['GET', '/v1/contacts/%zz', 400, null],
    ['GET', `/v1/contacts/${'x'.repeat(500)}`, 404, null],
  ])('%s %s answers %d', async (method, path, status, allow) => {
    const answer = await door.call(method, path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(answer.body).toMatchObject({ status, correlationId: expect.any(String) });
  });
});

describe('a failing service', () => {
  it('never tells what went wrong inside', async () => {
    const { status, body } = await door.call('POST', `/v1/contacts/${newId()}:erase`);
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('Lovelace');
    expect(body).toMatchObject({ code: 'internal', correlationId: expect.any(String) });
  });

  it('that has not caught up says when to come back', async () => {
    const { status, headers, body } = await door.call('POST', `/v1/contacts/${newId()}:restore`);
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('2');
    expect(body.retryable).toBe(true);
  });

  it('that knows no such record answers 404', async () => {
    const { status, body } = await door.call('GET', `/v1/contacts/${newId()}`);
    expect(status).toBe(404);
    expect(body.code).toBe('unknown-contact');
  });
});
