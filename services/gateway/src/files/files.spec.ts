import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { newId } from '@rapport/kernel';
import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { fakeContacts } from '../testing/fake-context.js';
import { ADMIN, type OpenGateway, openGateway } from '../testing/open-gateway.js';
import { uploadRange } from './content-range.js';
import { pieces } from './pieces.js';

// A loaded machine is no fault of ours.
jest.setTimeout(60_000);

const MIB = 1024 * 1024;
let backend = fakeContacts();
let door: OpenGateway;

beforeAll(async () => {
  door = await openGateway({
    backend: { services: backend.services, invoke: (...a) => backend.invoke(...a) },
    config: { uploadLimit: 60 * MIB },
  });
});

beforeEach(() => {
  backend = fakeContacts();
});

afterAll(() => door.close());

const put = (body: RequestInit['body'], headers: Record<string, string> = {}) =>
  door.fetch(`/v1/imports/accounts/${newId()}/file`, {
    method: 'PUT',
    body: body ?? null,
    headers,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  });

const sent = () => backend.files.pieces;

describe('an upload', () => {
  it('arrives in pieces, in order, the last one marked', async () => {
    const response = await put('x'.repeat(1_200_000), { 'content-type': 'text/csv' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ kind: 'accounts', bytes: 1_200_000 });
    expect(sent()).toEqual([
      { offset: 0, bytes: 524_288, last: false },
      { offset: 524_288, bytes: 524_288, last: false },
      { offset: 1_048_576, bytes: 151_424, last: true },
    ]);
  });

  it('of nothing is one empty piece', async () => {
    expect((await put('')).status).toBe(200);
    expect(sent()).toEqual([{ offset: 0, bytes: 0, last: true }]);
  });

  it('of any media type is taken as it is, JSON too', async () => {
    expect((await put('{"a":', { 'content-type': 'application/json' })).status).toBe(200);
    expect(backend.files.tail).toBe('{"a":');
  });

  it('that is a form with a file in it is refused', async () => {
    const form = new FormData();
    form.set('file', new Blob(['name\nAcme\n']), 'accounts.csv');
    const response = await put(form);
    expect([response.status, await response.json()]).toEqual([
      415,
      expect.objectContaining({ detail: expect.stringContaining('the file itself, not a form') }),
    ]);
    expect(sent()).toEqual([]);
  });

  it('of 50 MB is read only as fast as the service takes it, so nothing piles up', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'a');
    let most = 0;
    let produced = 0;
    async function* body() {
      for (; produced < 50 * MIB; produced += chunk.length) {
        most = Math.max(most, produced - sent().reduce((sum, { bytes }) => sum + bytes, 0));
        yield chunk;
      }
    }
    const response = await put(Readable.toWeb(Readable.from(body(), { objectMode: false })) as ReadableStream);
    expect(response.status).toBe(200);
    expect(sent().reduce((sum, { bytes }) => sum + bytes, 0)).toBe(50 * MIB);
    // One piece here, and what the system holds at both ends of a connection, which it makes as large as it likes.
    expect(most).toBeLessThan(25 * MIB);
  });

  it('beyond the limit is refused before it is read, naming the limit', async () => {
    const response = await put('x', { 'content-range': `bytes 0-0/${61 * MIB}` });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'file-too-large', detail: expect.stringContaining('60 MiB') });
    expect(sent()).toEqual([]);
  });

  it('beyond the limit without saying so is refused on the way, and nothing of it is left', async () => {
    const bomb = gzipSync(Buffer.alloc(61 * MIB));
    for (const [body, headers] of [
      [bomb, { 'content-encoding': 'gzip' }],
      [Readable.toWeb(Readable.from([Buffer.alloc(61 * MIB)])) as ReadableStream, {}],
    ] as const) {
      const response = await put(body, headers);
      expect([response.status, await response.json()]).toEqual([
        413,
        expect.objectContaining({ code: 'file-too-large' }),
      ]);
      expect(backend.files.discards).toBe(1);
      expect(sent()).toEqual([]);
      backend.files.discards = 0;
    }
  });

  it('that breaks off compressed leaves nothing, because it cannot go on', async () => {
    const whole = gzipSync(randomBytes(3 * MIB));
    const response = await put(whole.subarray(0, -MIB), { 'content-encoding': 'gzip' });
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'malformed-gzip' }),
    ]);
    expect([backend.files.discards, sent()]).toEqual([1, []]);
    expect((await put(whole, { 'content-encoding': 'gzip' })).status).toBe(200);
  });

  it('of which nothing was taken leaves what had arrived before', async () => {
    await put('abc', { 'content-range': 'bytes 0-2/6' });
    expect((await put('no gzip', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect([backend.files.discards, sent().length]).toEqual([0, 1]);
  });

  it('may be compressed', async () => {
    expect((await put(gzipSync('id,name\n1,x\n'), { 'content-encoding': 'gzip' })).status).toBe(200);
    expect(backend.files.tail).toBe('id,name\n1,x\n');
  });

  it.each([
    ['no gzip', 'plain text', { 'content-encoding': 'gzip' }, 400],
    ['an unknown encoding', 'x', { 'content-encoding': 'br' }, 415],
    ['a range that is none', 'x', { 'content-range': 'bytes 5-4/10' }, 400],
    ['a range that is longer than the body', 'abc', { 'content-range': 'bytes 0-9/20' }, 400],
  ])('with %s is refused', async (_name, body, headers, status) => {
    expect((await put(body, headers as Record<string, string>)).status).toBe(status);
  });

  it('takes nothing about its pieces from the query', async () => {
    const response = await door.fetch(`/v1/imports/accounts/${newId()}/file?discard=true`, {
      method: 'PUT',
      body: 'x',
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid-request' }),
    ]);
  });

  it('goes on where it broke off', async () => {
    await put('abc', { 'content-range': 'bytes 0-2/6' });
    await put('def', { 'content-range': 'bytes 3-5/6' });
    expect(sent()).toEqual([
      { offset: 0, bytes: 3, last: false },
      { offset: 3, bytes: 3, last: true },
    ]);
  });

  it.each([0, 2 * MIB])('refused at byte %d, while the client still sends, is told why', async (refusedAt) => {
    backend.files.refusedAt = refusedAt;
    const response = await put(Buffer.alloc(40 * MIB));
    expect([response.status, await response.json()]).toEqual([409, expect.objectContaining({ code: 'wrong-offset' })]);
  });

  it('that the client gives up leaves what has arrived, and no last piece', async () => {
    const url = new URL(`${door.gateway.address}/v1/imports/accounts/${newId()}/file`);
    const upload = httpRequest(url, {
      method: 'PUT',
      headers: { authorization: `Bearer ${ADMIN}`, 'content-length': 10 * MIB },
    });
    upload.on('error', () => undefined);
    const closed = new Promise((resolve) => upload.once('close', resolve));
    upload.write(Buffer.alloc(2 * MIB));
    while (sent().length < 2) await new Promise(setImmediate);
    upload.destroy();
    await closed;
    expect((await door.call('GET', '/v1/me')).status).toBe(200);
    expect(sent().some(({ last }) => last)).toBe(false);
  });
});

describe('a download', () => {
  it('follows the parts and names the file', async () => {
    const response = await door.fetch(`/v1/imports/accounts/${newId()}/errors.csv`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/csv');
    expect(response.headers.get('content-disposition')).toContain("filename*=UTF-8''Fehler%20%22M%C3%A4rz%22.csv");
    expect(await response.text()).toBe('row 0\nrow 1\nrow 2\n');
  });

  it('is stopped in the service when the client goes', async () => {
    backend.files.waits = true;
    const url = new URL(`${door.gateway.address}/v1/imports/accounts/${newId()}/errors.csv`);
    const download = httpRequest(url, { headers: { authorization: `Bearer ${ADMIN}` } });
    download.once('response', (response) => response.once('data', () => response.destroy())).end();
    await backend.files.gone.promise;
  });
});

describe('pieces', () => {
  it('have the size that was asked for, whatever the chunks', async () => {
    const chunks = ['ab', '', 'cdefgh', 'i'].map((text) => Buffer.from(text));
    const cut: string[] = [];
    for await (const piece of pieces(Readable.from(chunks), 3)) cut.push(String(piece));
    expect(cut).toEqual(['abc', 'def', 'ghi']);
  });
});

describe('a content range', () => {
  it('without a total does not end the file', () => {
    expect(uploadRange('bytes 5-9/*')).toEqual({ from: 5, length: 5, last: false, total: undefined });
  });
});
