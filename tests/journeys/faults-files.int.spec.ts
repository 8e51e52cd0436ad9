import { once } from 'node:events';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { problemOf, type Api, type Fields } from './support/api.js';
import { ServerProcess, temporaryFolder } from './support/child-process.js';
import { everyRecord } from './support/contents.js';
import { eventually } from './support/eventually.js';
import { Import } from './support/imports.js';

jest.setTimeout(120_000);

const MIB = 1024 * 1024;
const UPLOAD_LIMIT = 210 * MIB;
const folder = temporaryFolder();
let server: ServerProcess;
let api: Api;
let kept: Fields;

beforeAll(async () => {
  server = await ServerProcess.start({ data: folder.path, env: { RAPPORT_UPLOAD_LIMIT: '210MiB' } });
  ({ api } = server);
  kept = await api.post('/v1/contacts', { lastName: 'Kept', email: 'kept@here.example' });
}, 60_000);

afterAll(async () => {
  await server.kill();
  folder.remove();
});

const announced = async (): Promise<string> =>
  `/v1/imports/contacts/${(await api.post('/v1/imports/contacts', { fileName: 'people.csv' })).id}`;

const refusedFile = async (
  file: string | Uint8Array<ArrayBuffer>,
): Promise<{ status: number; code: string; detail: string }> =>
  problemOf(api.send('PUT', `${await announced()}/file`, { body: file }));

/** It works on, and what was there is there. */
const expectUnharmed = async (): Promise<void> => {
  const contact = await api.post('/v1/contacts', { lastName: 'After' });
  expect(contact).toMatchObject({ lastName: 'After' });
  const records = await everyRecord(api, '/v1/contacts');
  expect(records.get(kept.id)).toEqual(kept);
  expect(records.get(contact.id)).toEqual(contact);
};

describe('a file that is no table', () => {
  const columns = Array.from({ length: 50_000 }, (_, n) => `column ${n}`).join();
  it.each<[string, string | Uint8Array<ArrayBuffer>, string, RegExp]>([
    ['50,000 columns', `${columns}\n${columns}\n`, 'too-many-columns', /50,000 columns; at most 1,000/],
    ['an Excel file', Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0, 1, 2, 3]), 'not-a-csv', /Excel/],
    ['binary data', Buffer.from(Array.from({ length: 4_000 }, (_, n) => (n * 37) % 11)), 'not-a-csv', /binary/],
    ['nothing', new Uint8Array(0), 'file-empty', /empty/],
    ['only line ends', '\n\r\n\n', 'file-empty', /header line/],
    ['a header without names', ',,,\n1,2,3,4\n', 'no-header', /header line/],
    [
      'a quotation mark never closed in the header',
      '"Last Name,Email\nA,b@c.example\n',
      'unclosed-quote',
      /header is opened and never closed/,
    ],
  ])('with %s is refused in words', async (_, file, code, detail) => {
    const problem = await refusedFile(file);
    expect(problem).toMatchObject({ status: 400, code, detail: expect.stringMatching(detail) });
    await expectUnharmed();
  });

  it('is refused, and another may be sent in its place', async () => {
    const path = await announced();
    await problemOf(api.send('PUT', `${path}/file`, { body: Buffer.from([0x50, 0x4b, 3, 4]) }));
    const view = await api.send<Fields>('PUT', `${path}/file`, { body: 'Last Name\nSecond Try\n' });
    expect(view.body).toMatchObject({ state: 'uploaded' });
  });
});

describe('a table with dirt', () => {
  it('brings in the good rows and says of the others what is wrong', async () => {
    const rows = [
      'Last Name,Email',
      'Good,good@rows.example',
      'Short',
      'Too,many@cells.example,1,2',
      'Fine,fine@rows.example',
    ];
    const done = await Import.run(api, 'contacts', rows.join('\n'));
    const outcomes = (await done.rows()).map(({ outcome, problems }) => [
      outcome,
      ...(problems ?? []).map(({ code }) => code),
    ]);
    expect(outcomes).toEqual([['created'], ['created'], ['failed', 'ragged-row'], ['created']]);
    expect(await done.errors()).toContain('many@cells.example');
  });

  it('with a quotation mark that is never closed is told where', async () => {
    const file = 'Last Name,Email\nBefore,before@q.example\n"Open,open@q.example\nX,x@q.example\n';
    const problem = await refusedFile(file);
    expect(problem).toMatchObject({ status: 400, code: 'unclosed-quote', detail: expect.stringContaining('row 2') });
  });

  it('with NUL characters fails in those rows, or as a whole where the beginning is not text', async () => {
    const rows = Array.from({ length: 300 }, (_, n) => `Row ${n},row${n}@nul.example`);
    const done = await Import.run(
      api,
      'contacts',
      ['Last Name,Email', ...rows, 'N\0UL,nul@nul.example', 'Last,last@nul.example'].join('\n'),
    );
    expect((await done.rows('failed')).map(({ row, problems }) => [row, problems![0]!.code])).toEqual([
      [301, 'nul-character'],
    ]);
    expect(await refusedFile('Last Name\nN\0UL\n')).toMatchObject({ status: 400, code: 'not-a-csv' });
  });

  it('takes a header alone and repeated headers', async () => {
    expect(await (await Import.of(api, 'contacts', 'Last Name,Email\n')).run()).toMatchObject({
      counts: { rows: 0, created: 0 },
    });
    const { columns } = await (
      await Import.of(api, 'contacts', 'Email,Email,Last Name\na@b.example,c@d.example,X\n')
    ).view();
    expect(columns!.map(({ name }) => name)).toEqual(['Email', 'Email (2)', 'Last Name']);
  });

  it.each<[string, Uint8Array<ArrayBuffer>]>([
    ['UTF-16', Buffer.from('\ufeffLast Name,Email\nKöster,koester16@enc.example\n', 'utf16le')],
    ['windows-1252', Buffer.from('Last Name,Email\nKöster,koester12@enc.example\n', 'latin1')],
  ])('is read in %s', async (_, file) => {
    const done = await Import.run(api, 'contacts', file);
    const [row] = await done.rows();
    expect(await api.get(`/v1/contacts/${row!.recordId}`)).toMatchObject({ lastName: 'Köster' });
  });

  it('fails where it is told to be in an encoding that it is not in, with line and byte', async () => {
    const file = Buffer.from('Last Name,Email\nFine,fine@enc.example\nK\xf6ster,wrong@enc.example\n', 'latin1');
    const done = await Import.run(api, 'contacts', file, { encoding: 'utf-8' });
    const [row, ...more] = await done.rows('failed');
    expect(more).toEqual([]);
    expect(row).toMatchObject({ row: 2, problems: [{ pointer: '/Last Name', code: 'undecodable' }] });
    expect(row!.problems![0]!.message).toContain(`line 3, byte ${file.indexOf(0xf6)} of the file`);
  });
});

/** Rows until there are so many bytes, made as they are sent. */
const generated = (bytes: number): ReadableStream<Uint8Array> => {
  const row = Buffer.from(`Person of no name,${'x'.repeat(80)}@big.example\n`);
  const block = Buffer.concat(Array.from({ length: 600 }, () => row));
  let sent = 0;
  return new ReadableStream({
    pull: (stream) => {
      const part = sent === 0 ? Buffer.concat([Buffer.from('Last Name,Email\n'), block]) : block;
      sent += part.length;
      stream.enqueue(new Uint8Array(part));
      if (sent >= bytes) stream.close();
    },
  });
};

const sendStream = async (path: string, body: ReadableStream<Uint8Array>, headers = {}): Promise<Response> =>
  fetch(`${server.address}${path}/file`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'text/csv', ...headers },
    body,
    duplex: 'half',
  });

const sentFrom = async (path: string, file: Buffer<ArrayBuffer>, from: number): Promise<Fields> => {
  const range = `bytes ${from}-${file.length - 1}/${file.length}`;
  return (await api.send<Fields>('PUT', path, { body: file.subarray(from), headers: { 'content-range': range } })).body;
};

/** Sends the beginning of a file and hangs up. */
const cutOff = async (path: string, beginning: Uint8Array): Promise<void> => {
  const { hostname, port } = new URL(server.address);
  const headers = { authorization: `Bearer ${api.token}`, 'content-type': 'text/csv', 'content-length': 5 * MIB };
  const sending = request({ hostname, port, path, method: 'PUT', headers });
  const ended = once(sending, 'error');
  sending.write(beginning, () => sending.destroy(new Error('hung up')));
  await ended;
};

describe('a large upload', () => {
  it('of 200 MB is taken in', async () => {
    const path = await announced();
    const answer = await sendStream(path, generated(200_000_000));
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ state: 'uploaded' })]);
    await expectUnharmed();
  });

  it('beyond the limit is refused by name, whether announced or not', async () => {
    const limit = /220200960 bytes \(210 MiB\)/;
    const announcedTotal = await problemOf(
      api.send('PUT', `${await announced()}/file`, {
        body: 'x',
        headers: { 'content-range': `bytes 0-0/${UPLOAD_LIMIT + 1}` },
      }),
    );
    expect(announcedTotal).toMatchObject({ status: 413, code: 'file-too-large', detail: expect.stringMatching(limit) });
    const zeros = gzipSync(Buffer.alloc(UPLOAD_LIMIT + MIB, 'a,b\n'));
    const bomb = await problemOf(
      api.send('PUT', `${await announced()}/file`, { body: zeros, headers: { 'content-encoding': 'gzip' } }),
    );
    expect(bomb).toMatchObject({ status: 413, code: 'file-too-large', detail: expect.stringMatching(limit) });
    await expectUnharmed();
  });

  it('that breaks off goes on where the server says', async () => {
    const file = Buffer.from(
      ['Last Name,Email', ...Array.from({ length: 120_000 }, (_, n) => `Cut ${n},cut${n}@off.example`)].join('\n'),
    );
    const path = await announced();
    await cutOff(`${path}/file`, file.subarray(0, 2_200_000));
    const received = async (): Promise<number> => (await api.get<Fields & { bytes: number }>(path)).bytes;
    const send = (from: number): Promise<Fields> =>
      sentFrom(`${path}/file`, file, from).catch((error: unknown) => ({
        id: '',
        refused: `${String(error)} ${((error as Error).cause as Error | undefined)?.message ?? ''}`,
      }));
    expect(await send(file.length - 1)).toMatchObject({
      refused: expect.stringMatching(/409 wrong-offset.*Go on at byte/),
    });
    await eventually(received, (bytes) => bytes > 0);
    // What was on its way when the line went dead may still come in.
    const whole = await eventually(
      async () => send(await received()),
      ({ refused }) => refused === undefined,
    );
    expect(whole).toMatchObject({ state: 'uploaded', bytes: file.length });
  });

  it('that is no gzip though it says so is refused', async () => {
    const problem = await problemOf(
      api.send('PUT', `${await announced()}/file`, { body: 'Last Name\nX\n', headers: { 'content-encoding': 'gzip' } }),
    );
    expect(problem).toMatchObject({ status: 400, code: 'malformed-gzip' });
  });
});

const asJson = { 'content-type': 'application/json' };

describe('a request that is wrong', () => {
  const nobody = '00000000-0000-7000-8000-000000000000';
  it.each<[string, string, number, string]>([
    ['malformed JSON', '{"lastName": "A",}', 400, 'malformed-json'],
    ['JSON 100,000 deep', `{"lastName": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400, 'invalid-request'],
    ['a wrong type', '{"lastName": 7}', 400, 'invalid-request'],
    ['an unknown field', '{"lastName": "A", "surname": "B"}', 400, 'invalid-request'],
    ['an array', '["A"]', 400, 'invalid-request'],
    ['a field that is not the client’s', '{"lastName": "A", "id": "x"}', 400, 'invalid-request'],
    ['2 MB', `{"lastName": "A", "description": "${'x'.repeat(2 * MIB)}"}`, 413, 'body-too-large'],
  ])('with %s is refused', async (_, body, status, code) => {
    const problem = await problemOf(api.send('POST', '/v1/contacts', { body, headers: asJson }));
    expect(problem).toMatchObject({ status, code, detail: expect.stringMatching(/\S{3}/) });
    await expectUnharmed();
  });

  it('about what is not there, or not as it was, is refused with what is', async () => {
    for (const path of ['contacts', 'accounts', 'opportunities', 'products', 'representatives', 'pipelines']) {
      expect(await problemOf(api.get(`/v1/${path}/${nobody}`))).toMatchObject({ status: 404 });
    }
    expect(await problemOf(api.get(`/v1/imports/contacts/${nobody}`))).toMatchObject({
      status: 404,
      code: 'import-not-found',
    });
    expect(await problemOf(api.get('/v1/contacts/no-id'))).toMatchObject({ status: 400 });
    const { id } = await api.post('/v1/contacts', { lastName: 'Stale' });
    const edit = (match: string): Promise<unknown> =>
      api.send('PATCH', `/v1/contacts/${id}`, { body: { title: match }, headers: { 'if-match': match } });
    await edit('"0"');
    expect(await problemOf(edit('"0"'))).toMatchObject({ status: 412, code: 'stale-revision', currentRevision: 1 });
    expect(await problemOf(edit('"9"'))).toMatchObject({ status: 412, currentRevision: 1 });
    expect(await api.get(`/v1/contacts/${id}`)).toMatchObject({ title: '"0"', info: { revision: 1 } });
  });
});
