import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { callOfAda, type Disk, newDisk, openWorkbench, type User, userOf, type Workbench } from '../fakes/workbench.js';

// A loaded machine is no fault of ours.
jest.setTimeout(180_000);

const PIECE = 256 * 1024;
const NOTE = 'x'.repeat(60_000);
const ROWS = 20;
/** 1.2 MB, of which every row is refused. */
const FILE = `company,sector,notes\n${Array.from({ length: ROWS }, (_, n) => `C${n},forbidden,${NOTE}\n`).join('')}`;
const PIECES = Math.floor(FILE.length / PIECE);

let disk: Disk;
let bench: Workbench;
let user: User;
beforeEach(async () => {
  disk = newDisk();
  bench = await openWorkbench(disk);
  user = userOf(bench);
});
afterEach(() => bench.close());

/** How often others had their turn while something was done. */
const turnsDuring = async (work: Promise<unknown>): Promise<number> => {
  const done = work.then(
    () => 'done',
    () => 'done',
  );
  for (let turns = 0; ; turns += 1) if ((await Promise.race([done, nextTurn('turn')])) === 'done') return turns;
};

describe('a large file', () => {
  it('lets others in between its pieces when it has arrived, is tried and is downloaded', async () => {
    const upload = user.upload(FILE);
    expect(await turnsDuring(upload)).toBeGreaterThanOrEqual(PIECES);
    const id = await upload;
    expect(await turnsDuring(user.go('run', id))).toBeGreaterThanOrEqual(PIECES);
    expect(await user.get(id)).toMatchObject({ counts: { failed: ROWS } });
    expect(await turnsDuring(user.errors(id))).toBeGreaterThanOrEqual(PIECES);
  });

  it('is read no further once the client has gone', async () => {
    const { id } = await user.import(FILE);
    const gone = new AbortController();
    let read = 0;
    const { files } = bench.engine.parts;
    const reading = files.read.bind(files);
    files.read = async function* (file, from) {
      for await (const piece of reading(file, from)) {
        read += 1;
        yield piece;
      }
    };
    const call = { ...callOfAda(), signal: gone.signal };
    const download = bench.api.downloadImportErrors({ kind: 'companies', id }, call);
    while (read < 2) await nextTurn();
    gone.abort();
    await expect(download).rejects.toThrow('aborted');
    expect(read).toBeLessThan(PIECES);
  });

  it('is downloaded part by part, of which none reads again what an earlier one has read', async () => {
    const rows = 10 * ROWS;
    const file = `company,sector,notes\n${Array.from({ length: rows }, (_, n) => `C${n},forbidden,${NOTE}\n`).join('')}`;
    const { id } = await user.import(file);
    const { files } = bench.engine.parts;
    const reading = files.read.bind(files);
    let read = 0;
    files.read = async function* (key, from) {
      for await (const piece of reading(key, from)) {
        read += piece.length;
        yield piece;
      }
    };
    const parts: Buffer[] = [];
    for (let page: string | undefined = ''; page !== undefined;) {
      const part = await bench.api.downloadImportErrors({ kind: 'companies', id, page }, callOfAda());
      parts.push(Buffer.from(part.data));
      page = part.nextPage || undefined;
    }
    const lines = Buffer.concat(parts).toString().trimEnd().split('\n');
    expect(lines).toHaveLength(rows + 1);
    expect(lines.map((line) => line.split(',')[0])).toEqual(
      file
        .trimEnd()
        .split('\n')
        .map((line) => line.split(',')[0]),
    );
    expect(parts.length).toBeGreaterThan(2);
    // A part stops between two pieces, and reads a little ahead.
    expect(read / file.length).toBeLessThan(1.5);
  });
});
