import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contextNames } from '@rapport/contexts';
import { type Api, eventually, type Fields, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(() => rapport.stop());

interface Export extends Fields {
  readonly state: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly files: readonly { readonly name: string; readonly lines: number; readonly sha256: string }[];
}

const exported = async (context: string, by = api): Promise<Export> => {
  const { id } = await by.post(`/v1/workspace/${context}/exports`);
  return eventually(
    () => by.get<Export>(`/v1/workspace/${context}/exports/${id}`),
    ({ state }) => state === 'done',
  );
};

const download = async (context: string, id: string, by = api): Promise<Buffer> => {
  const response = await by.fetch('GET', `/v1/workspace/${context}/exports/${id}/export.zip`);
  expect(response.headers.get('content-type')).toBe('application/zip');
  return Buffer.from(await response.arrayBuffer());
};

/** By the archive's own directory. */
const unzipped = (archive: Buffer): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(unpacked(archive)).map(([name, content]) => [name, content.toString()]));

const unpacked = (archive: Buffer): Readonly<Record<string, Buffer>> => {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = archive.readUInt32LE(end + 16);
  const files: Record<string, Buffer> = {};
  for (let n = archive.readUInt16LE(end + 10); n > 0; n -= 1) {
    const [packed, length, local] = [
      archive.readUInt32LE(at + 20),
      archive.readUInt16LE(at + 28),
      archive.readUInt32LE(at + 42),
    ];
    const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    files[archive.toString('utf8', at + 46, at + 46 + length)] = inflateRawSync(
      archive.subarray(begin, begin + packed),
    );
    at += 46 + length + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
};

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const linesOf = (text: string): readonly Fields[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Fields]));

describe('a workspace', () => {
  it('is exported whole, context by context: every record and every event, with counts and digests', async () => {
    for (const lastName of ['Byron', 'Lovelace', 'Babbage']) await api.post('/v1/contacts', { lastName });
    const { id } = await api.post('/v1/accounts', { name: 'Analytical Engines' });
    await api.post(`/v1/accounts/${id}:archive`);
    await api.post('/v1/products', { name: 'Difference Engine' });
    for (const context of contextNames) {
      const told = await exported(context);
      const archive = await download(context, told.id);
      expect([archive.length, sha256(archive)]).toEqual([told.bytes, told.sha256]);
      const { 'manifest.json': manifest, ...files } = unzipped(archive);
      expect(JSON.parse(manifest!)).toMatchObject({ context, exportId: told.id, files: told.files });
      for (const { name, lines, sha256: digest } of told.files) {
        expect(sha256(files[name]!)).toBe(digest);
        expect(linesOf(files[name]!)).toHaveLength(lines);
      }
    }
    const { id: contacts } = await exported('contacts');
    const files = unzipped(await download('contacts', contacts));
    expect(
      linesOf(files['contacts.ndjson']!)
        .map(({ lastName }) => lastName)
        .sort(),
    ).toEqual(['Babbage', 'Byron', 'Lovelace']);
    expect(linesOf(files['accounts.ndjson']!)).toMatchObject([
      { name: 'Analytical Engines', info: { archived: true } },
    ]);
    const types = linesOf(files['events.ndjson']!).map(({ type }) => String(type).split('.').at(-1));
    expect(types.filter((type) => type?.startsWith('Account'))).toEqual(['AccountCreated', 'AccountArchived']);
  });

  it('is exported by administrators alone, each their own', async () => {
    const { id } = await exported('contacts');
    for (const role of ['manager', 'viewer', 'privacy-officer']) {
      const unable = await api.clientFor([role]);
      const asked = problemOf(unable.post('/v1/workspace/contacts/exports'));
      expect(await asked).toMatchObject({ status: 403, code: 'permission-missing' });
    }
    const other = await api.clientFor(['administrator'], 'other_workspace');
    expect(await problemOf(other.get(`/v1/workspace/contacts/exports/${id}`))).toMatchObject({
      code: 'export-not-found',
    });
    await other.post('/v1/contacts', { lastName: 'Somerville' });
    const { id: theirs } = await exported('contacts', other);
    const files = unzipped(await download('contacts', theirs, other));
    expect(linesOf(files['contacts.ndjson']!)).toMatchObject([{ lastName: 'Somerville' }]);
    expect(files['events.ndjson']).not.toContain('Byron');
    expect(await problemOf(api.post('/v1/workspace/nowhere/exports'))).toMatchObject({ status: 404 });
    expect(await problemOf(api.get(`/v1/workspace/contacts/exports/no-id`))).toMatchObject({ status: 400 });
  });

  it('is exported as one archive too, which holds those of all contexts', async () => {
    const begun = await api.post<Fields & { state: string }>('/v1/workspace/exports', undefined, {
      'idempotency-key': 'whole',
    });
    const path = `/v1/workspace/exports/${begun.id}`;
    expect(await api.post('/v1/workspace/exports', undefined, { 'idempotency-key': 'whole' })).toMatchObject({
      id: begun.id,
    });
    const told = await eventually(
      () => api.get<{ state: string; contexts: readonly Export[] }>(path),
      ({ state }) => state === 'done',
    );
    const answer = await api.fetch('GET', `${path}/export.zip`);
    const whole = unpacked(Buffer.from(await answer.arrayBuffer()));
    expect(Object.keys(whole).sort()).toEqual([...contextNames].sort().map((name) => `${name}.zip`));
    for (const { context, sha256: digest } of told.contexts as readonly (Export & { context: string })[]) {
      const archive = whole[`${context}.zip`]!;
      expect(sha256(archive)).toBe(digest);
      expect(JSON.parse(unzipped(archive)['manifest.json']!)).toMatchObject({ context, exportId: begun.id });
    }
    const manager = await api.clientFor(['manager']);
    for (const call of [manager.post('/v1/workspace/exports'), manager.get(path), manager.get(`${path}/export.zip`)])
      expect(await problemOf(call)).toMatchObject({ status: 403, code: 'permission-missing' });
    const other = await api.clientFor(['administrator'], 'other_workspace');
    expect(await problemOf(other.get(path))).toMatchObject({ code: 'export-not-found' });
    expect(await problemOf(api.get(`${path}/export.zip?page=nonsense`))).toMatchObject({ code: 'bad-page' });
  });

  it('is in no archive any more once somebody in it was erased', async () => {
    const { id: person } = await api.post('/v1/contacts', { lastName: 'Milbanke' });
    const { id } = await exported('contacts');
    await download('contacts', id);
    await api.post(`/v1/contacts/${person}:erase`);
    const erasure = await eventually(
      () => api.get<Fields & { state: string; parts: Fields[] }>(`/v1/contacts/${person}/erasure`),
      ({ state }) => state === 'done',
    );
    const away = problemOf(api.get(`/v1/workspace/contacts/exports/${id}/export.zip`));
    expect(await away).toMatchObject({ status: 410, code: 'export-expired' });
    const identity = erasure.parts.find(({ context }) => context === 'identity')!;
    expect(Number(identity['taken'])).toBeGreaterThan(0);
  });
});
