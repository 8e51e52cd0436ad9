import { copyFileSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MasterKey } from '@rapport/privacy';
import { ServerProcess, temporaryFolder } from './support/child-process.js';
import { everyRecord } from './support/contents.js';
import { Import } from './support/imports.js';

jest.setTimeout(240_000);

const PEOPLE = 3_000;
const SECRET = 'imported-record-ids';
const CONTEXTS = ['contacts', 'sales'];

let folder: ReturnType<typeof temporaryFolder>;
let server: ServerProcess;
beforeEach(async () => {
  folder = temporaryFolder();
  server = await ServerProcess.start({ data: folder.path });
});
afterEach(async () => {
  await server.kill();
  folder.remove();
});

const file = (name: string): string => join(folder.path, name);
const start = async (): Promise<void> => {
  server = await ServerProcess.start({ data: folder.path });
};

/** Makes of the keyring the files that each context had for itself before: its own secret under its bare name. */
const splitKeyring = (): void => {
  const master = MasterKey.fromFile(file('master.key'));
  for (const context of CONTEXTS) {
    copyFileSync(file('keys.db'), file(`${context}-keys.db`));
    const old = new DatabaseSync(file(`${context}-keys.db`));
    const renamed = old.prepare('SELECT tenant, wrapped FROM subject_keys WHERE id = ?').all(`${context}/${SECRET}`);
    old.exec(`DELETE FROM subject_keys WHERE id LIKE '%/${SECRET}'; DROP TABLE key_notes; PRAGMA user_version = 1`);
    for (const row of renamed) {
      const tenant = row['tenant'] as string;
      const key = master.unwrap(row['wrapped'] as Uint8Array, { tenant, id: `${context}/${SECRET}` });
      const wrapped = master.wrap(key, { tenant, id: SECRET });
      old.prepare('INSERT INTO subject_keys (tenant, id, wrapped) VALUES (?, ?, ?)').run(tenant, SECRET, wrapped);
    }
    old.close();
  }
  rmSync(file('keys.db'));
};

const FILE = [
  'First Name,Last Name,Email',
  ...Array.from({ length: PEOPLE }, (_, n) => `First ${n},Last ${n},${n}@import.example`),
].join('\n');

const bytesOf = (name: string): number => statSync(file(name), { throwIfNoEntry: false })?.size ?? 0;

/** Moments of the first start: nothing taken in yet, a part of it, all of it, one of the old files gone. */
const MOMENTS: readonly (() => boolean)[] = [
  () => existsSync(file('keys.db')),
  ...[100_000, 300_000, 500_000, 700_000].map((bytes) => () => bytesOf('keys.db-wal') + bytesOf('keys.db') > bytes),
  () => bytesOf('contacts-keys.db-wal') > 100_000,
  () => !existsSync(file('contacts-keys.db')),
];

describe('keys of an installation that kept them per context', () => {
  it('are all in one keyring after starts that were killed anywhere, and the erased stay erased', async () => {
    await Import.run(server.api, 'contacts', FILE);
    await Import.run(server.api, 'representatives', 'Name,Email\nRep One,rep@import.example');
    const before = new Map(await everyRecord(server.api, '/v1/contacts'));
    const [erased] = [...before.keys()];
    await server.api.post(`/v1/contacts/${erased}:erase`);
    before.delete(erased!);
    expect(await server.stop()).toBe(0);
    splitKeyring();
    for (const moment of MOMENTS) await ServerProcess.killedWhen({ data: folder.path }, moment);
    await start();
    expect(readdirSync(folder.path).filter((name) => name.endsWith('keys.db'))).toEqual(['keys.db']);
    const after = new Map(await everyRecord(server.api, '/v1/contacts'));
    expect(after.get(erased!)).toMatchObject({ erased: true });
    after.delete(erased!);
    expect(after).toEqual(before);
    expect((await everyRecord(server.api, '/v1/representatives')).size).toBe(1);
    const again = await Import.run(server.api, 'contacts', FILE);
    // The one who was erased is not brought in again.
    const refused = { created: 0, failed: 1 };
    expect((await again.view()).counts).toMatchObject({ rows: PEOPLE, unchanged: PEOPLE - 1, ...refused });
  });
});
