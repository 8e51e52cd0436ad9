import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { hasTools, itWhere } from './support/host-tools.js';
import { canMount, mounted, unmount } from './support/small-disk.js';
import { ProblemError, type Api, type Fields } from './support/api.js';
import { ServerProcess, temporaryFolder } from './support/child-process.js';
import { everyRecord } from './support/contents.js';
import { eventually } from './support/eventually.js';

jest.setTimeout(120_000);

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const started = async (): Promise<ServerProcess> => ServerProcess.start({ data: folder.path });

/** Creates until the server refuses for want of space; what it acknowledged, and the refusal. */
const fill = async (api: Api): Promise<{ acknowledged: Map<string, Fields>; refusal: unknown }> => {
  const acknowledged = new Map<string, Fields>();
  for (let n = 0; n < 20_000; n += 50) {
    const orders = Array.from({ length: 50 }, (_, at) => {
      const body = { lastName: `Person ${n + at}`, description: `${'text '.repeat(400)}${n + at}` };
      return api.post('/v1/contacts', body).then((contact) => acknowledged.set(contact.id, contact));
    });
    const refused = (await Promise.allSettled(orders)).find(({ status }) => status === 'rejected');
    if (refused) return { acknowledged, refusal: (refused as PromiseRejectedResult).reason };
  }
  throw new Error('The disk never became full.');
};

const attempted = (call: Promise<Fields>): Promise<Fields | undefined> => call.catch(() => undefined);

/** Everything acknowledged is there, and whatever else is there is whole. */
const expectKept = async (api: Api, acknowledged: ReadonlyMap<string, Fields>): Promise<void> => {
  expect(acknowledged.size).toBeGreaterThan(1);
  const kept = await eventually(
    () => everyRecord(api, '/v1/contacts'),
    (records) => [...acknowledged.keys()].every((id) => records.has(id)),
  );
  for (const [id, contact] of acknowledged) expect(kept.get(id)).toEqual(contact);
  for (const contact of kept.values()) {
    expect(contact).toMatchObject({ lastName: expect.any(String), info: { revision: 0 } });
  }
};

const refusedStart = async (
  env: Readonly<Record<string, string | undefined>> = {},
  data = folder.path,
): Promise<string> => {
  const { code, output } = await ServerProcess.refused({ data, env });
  expect(code).toBe(1);
  // One sentence or a list of settings for a person, no trace for a programmer.
  expect(output).not.toMatch(/^\s+at /m);
  return output.trim();
};

describe('a full disk', () => {
  const onSmallDisk = itWhere(canMount(), 'a small disk cannot be mounted here');
  onSmallDisk('is told as such, writes nothing by halves, and loses nothing', async () => {
    expect(mounted(folder.path, 'size=10m')).toBe(true);
    try {
      const full = await started();
      const { acknowledged, refusal } = await fill(full.api);
      expect(refusal).toBeInstanceOf(ProblemError);
      expect((refusal as ProblemError).problem).toMatchObject({ status: 507, code: 'storage-full', retryable: true });
      // It still answers, and takes writes again as soon as there is space.
      expect(await full.api.get('/v1/me')).toMatchObject({ tenant: 'main' });
      expect(mounted(folder.path, 'remount,size=200m')).toBe(true);
      const after = await eventually(() => attempted(full.api.post('/v1/contacts', { lastName: 'After' })));
      await expectKept(full.api, acknowledged.set(after!.id, after!));
      await full.kill();
      const again = await started();
      await expectKept(again.api, acknowledged);
      await again.kill();
    } finally {
      unmount(folder.path);
    }
  });

  const limited = itWhere(hasTools(), 'it takes bash');
  limited('may also show as a file that cannot grow: nothing acknowledged is lost', async () => {
    await (await started()).stop();
    const full = await ServerProcess.start({ data: folder.path, fileKibibytes: 3_000 });
    const { acknowledged, refusal } = await fill(full.api);
    expect((refusal as ProblemError).problem.status).toBeGreaterThanOrEqual(503);
    await full.kill();
    const roomy = await started();
    await expectKept(roomy.api, acknowledged);
    await roomy.kill();
  });
});

describe('a start that cannot succeed', () => {
  it.each(['contacts.db', 'sales.db', 'keys.db', 'identity.db'])(
    'says that %s is damaged and leaves it as it is',
    async (name) => {
      await (await started()).stop();
      const file = join(folder.path, name);
      const bytes = readFileSync(file);
      bytes.fill('x', 0, 4_096);
      writeFileSync(file, bytes);
      const output = await refusedStart();
      expect(output).toMatch(/^Rapport cannot start\. /);
      expect(output).toContain(file);
      expect(output).toContain('restore the last backup');
      expect(readFileSync(file).equals(bytes)).toBe(true);
    },
  );

  it('says that a file was written by a newer program, and does not touch it', async () => {
    await (await started()).stop();
    const file = join(folder.path, 'sales.db');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 4711');
    database.close();
    const bytes = readFileSync(file);
    const output = await refusedStart();
    expect(output).toMatch(/^Rapport cannot start\. .*sales\.db has version 4711/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('says that the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const output = await refusedStart({ RAPPORT_PORT: String(port) });
    expect(output.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^Rapport cannot start\\. .*127\\.0\\.0\\.1:${port}.*port`)),
    ]);
    other.close();
  });

  it('says that another process works on the folder, and does not disturb it', async () => {
    const first = await started();
    const output = await refusedStart();
    expect(output).toContain(`Another Rapport runs on ${folder.path}`);
    expect(await first.api.post('/v1/contacts', { lastName: 'Undisturbed' })).toMatchObject({
      lastName: 'Undisturbed',
    });
    await first.kill();
  });

  it('says that the data folder cannot be made or is a file', async () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, 'x');
    for (const path of [file, join(file, 'below')]) {
      const output = await refusedStart({}, path);
      expect(output).toMatch(/^Rapport cannot start\. /);
      expect(output).toContain(path);
    }
  });

  const asOrdinaryUser = itWhere(process.getuid?.() !== 0, 'the superuser may write everywhere');
  asOrdinaryUser('says that the data folder is not writable', async () => {
    const locked = join(folder.path, 'locked');
    mkdirSync(locked, { mode: 0o500 });
    expect(await refusedStart({}, locked)).toContain(locked);
    chmodSync(locked, 0o700);
  });

  it('tells all bad settings together', async () => {
    const output = await refusedStart({
      RAPPORT_PORT: 'eighty',
      RAPPORT_LOG_LEVEL: 'loud',
      RAPPORT_UPLOAD_LIMIT: '3 elephants',
    });
    for (const name of ['RAPPORT_PORT', 'RAPPORT_LOG_LEVEL', 'RAPPORT_UPLOAD_LIMIT']) expect(output).toContain(name);
    expect(await refusedStart({ RAPPORT_ADMIN_TOKEN: 'short' })).toMatch(/RAPPORT_ADMIN_TOKEN.*16/);
    expect(await refusedStart({ RAPPORT_MASTER_KEY: 'bm90IDMyIGJ5dGVz' })).toContain('RAPPORT_MASTER_KEY');
  });

  it('says that the master key is not the one that the data was written with', async () => {
    const server = await started();
    const { id } = await server.api.post('/v1/contacts', { lastName: 'Sealed' });
    await server.stop();
    copyFileSync(join(folder.path, 'master.key'), join(folder.path, 'kept.key'));
    writeFileSync(join(folder.path, 'master.key'), `${Buffer.alloc(32, 7).toString('base64')}\n`);
    expect(await refusedStart()).toMatch(/another master key was in use .* Put that master key back/);
    copyFileSync(join(folder.path, 'kept.key'), join(folder.path, 'master.key'));
    const right = await started();
    expect(await right.api.get(`/v1/contacts/${id}`)).toMatchObject({ lastName: 'Sealed' });
    await right.kill();
  });
});

describe('a server that is asked to stop under load', () => {
  it('ends by itself with 0 and has everything that it acknowledged, also when asked twice', async () => {
    const server = await started();
    const acknowledged = new Map<string, Fields>();
    const failures: unknown[] = [];
    const { api } = server;
    const orders = Array.from({ length: 600 }, async (_, n) => {
      const contact = await api.post('/v1/contacts', { lastName: `Person ${n}` });
      acknowledged.set(contact.id, contact);
      if (acknowledged.size === 100) {
        server.signal();
        server.signal();
      }
    });
    for (const outcome of await Promise.allSettled(orders))
      if (outcome.status === 'rejected') failures.push(outcome.reason);
    expect(await server.exited).toBe(0);
    // Whoever was not served was told so, or their connection was not taken.
    for (const failure of failures) {
      if (failure instanceof ProblemError) expect(failure.problem).toMatchObject({ status: 503, retryable: true });
      else expect(failure).toMatchObject({ name: 'TypeError', message: 'fetch failed' });
    }
    const again = await started();
    const kept = await everyRecord(again.api, '/v1/contacts');
    for (const [id, contact] of acknowledged) expect(kept.get(id)).toEqual(contact);
    await again.kill();
  });
});
