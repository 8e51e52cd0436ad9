import { readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ServerProcess } from '../journeys/support/child-process.js';
import { dataLeft, ofFolder } from './kept/kept-data.js';
import { Upgraded } from './kept/upgraded.js';

jest.setTimeout(300_000);

/** The administrator of then signs in, not one of this start. */
const env = { RAPPORT_ADMIN_TOKEN: undefined };

let server: ServerProcess | undefined;
let data: ReturnType<typeof dataLeft> | undefined;
afterEach(async () => {
  await server?.kill();
  data?.remove();
});

/** Starts on the folder and kills as soon as so many changes of its files were seen. How many there were in all. */
const killedAfter = async (path: string, changes: number): Promise<number> => {
  let seen = 0;
  const enough = Promise.withResolvers<void>();
  const watcher = watch(path, () => {
    seen += 1;
    if (seen >= changes) enough.resolve();
  });
  server = ServerProcess.begin({ data: path, env });
  await Promise.race([enough.promise, server.healthy()]);
  watcher.close();
  await server.kill();
  return seen;
};

describe('an upgrade that is killed between two files', () => {
  it('is finished by the next start, wherever it was', async () => {
    data = dataLeft('killed');
    const changes = await killedAfter(data.path, Infinity);
    expect(changes).toBeGreaterThan(10);
    for (const share of [0.02, 0.2, 0.5, 0.8]) {
      data.remove();
      data = dataLeft('killed');
      const after = Math.ceil(changes * share);
      await killedAfter(data.path, after);
      await killedAfter(data.path, after);
      server = await ServerProcess.start({ data: data.path, env });
      const upgraded = new Upgraded(ofFolder, server.address);
      await upgraded.finishesImports('killed');
      await upgraded.showsTheSame();
      expect(await server.stop()).toBe(0);
    }
  });
});

describe('a data folder of a newer program', () => {
  it('is refused in one sentence and left as it is, whichever of its files is newer', async () => {
    data = dataLeft('stopped');
    server = await ServerProcess.start({ data: data.path, env });
    await new Upgraded(ofFolder, server.address).finishesImports('stopped');
    await server.stop();
    // Tokens are adopted: their former file is not opened any more.
    const left = ['lock.db', 'gateway.db'];
    const files = readdirSync(data.path).filter((file) => file.endsWith('.db') && !left.includes(file));
    for (const file of files) {
      const path = join(data.path, file);
      const version = setVersion(path, 1_000);
      const bytes = readFileSync(path);
      const { code, output } = await ServerProcess.refused({ data: data.path, env });
      expect({ file, code, lines: output.trim().split('\n') }).toEqual({
        file,
        code: 1,
        lines: [expect.stringContaining(`${file} has version 1000; this program knows versions up to ${version}.`)],
      });
      expect(readFileSync(path).equals(bytes)).toBe(true);
      setVersion(path, version);
    }
    server = await ServerProcess.start({ data: data.path, env });
    expect(await server.stop()).toBe(0);
  });
});

/** Answers with the version it had. */
const setVersion = (file: string, version: number): number => {
  const database = new DatabaseSync(file);
  const before = Number(database.prepare('PRAGMA user_version').get()!['user_version']);
  database.exec(`PRAGMA user_version = ${version}; PRAGMA wal_checkpoint(TRUNCATE)`);
  database.close();
  return before;
};
