import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { contextNames } from '@rapport/contexts';
import { inspect } from '@rapport/inspect';
import type { SignedReceipt } from '@rapport/privacy';
import { Api, type Fields, type List, problemOf } from './support/api.js';
import { ServerProcess, temporaryFolder } from './support/child-process.js';
import { eventually } from './support/eventually.js';
import { Import } from './support/imports.js';
import { remainsOf } from './support/remains.js';

jest.setTimeout(240_000);

const MINUTE = 60_000;
const VALUES = ['Zwtterqvist', 'qzella@zwtterqvist.example', 'Quellpfort Engines'];
const MANY = 300;
const hurried = fileURLToPath(new URL('../dist/journeys/support/hurried-standalone.js', import.meta.url));

let folder: ReturnType<typeof temporaryFolder>;
let server: ServerProcess;
beforeEach(async () => {
  folder = temporaryFolder();
  server = await ServerProcess.start({ data: folder.path, env: { RAPPORT_DELETION_WAIT: '1m' } });
});
afterEach(async () => {
  await server.kill();
  folder.remove();
});

/** The same data in a process whose time runs faster: half a minute, which timers wait for after a start, in 150 ms. */
const hurry = async (): Promise<void> => {
  const env = { TEST_TIME_FROM: new Date(Date.now() + 10 * MINUTE).toISOString(), TEST_TIME_FACTOR: '200' };
  server = await ServerProcess.start({ data: folder.path, main: hurried, env });
};

const receiptOf = (id: string): Promise<Response> => fetch(`${server.api.address}/receipts/${id}`);

const STEPS = "('WorkspaceDeletionBegun', 'WorkspaceDeletionReleased', 'WorkspaceDeletionPartDone')";

/** How far it is by what lies on the disk: what was decided and done, what is left of its facts, whether keys are gone. */
const progress = (): string => {
  const facts = contextNames.map((name) => [
    numberIn(`${name}.db`, `SELECT count(*) AS n FROM events WHERE stream LIKE 'deletion-acme-%' AND type IN ${STEPS}`),
    numberIn(
      `${name}.db`,
      "SELECT count(*) AS n FROM events WHERE stream LIKE '%-acme-%' AND stream NOT LIKE '%deletion%'",
    ) > 0,
  ]);
  const keys = numberIn('keys.db', "SELECT count(*) AS n FROM erased_subjects WHERE tenant = 'acme'");
  return JSON.stringify([facts, keys > 0]);
};

const numberIn = (file: string, sql: string): number => {
  const database = new DatabaseSync(join(folder.path, file), { readOnly: true });
  try {
    return Number(database.prepare(sql).get()!['n']);
  } finally {
    database.close();
  }
};

it('is carried out to its end, however often the process is killed meanwhile', async () => {
  const operator = server.api;
  const acme = await operator.clientFor(['administrator'], 'acme');
  await operator.post('/v1/contacts', { lastName: 'Somerville' });
  await acme.post('/v1/accounts', { name: VALUES[2] });
  const rows = Array.from(
    { length: MANY },
    (_, n) => `${VALUES[0]} ${n},${n === 0 ? VALUES[1] : `s${n}@else.example`}`,
  );
  await Import.run(acme, 'contacts', ['Last Name,Email', ...rows].join('\n'));
  const { receiptId } = await acme.post<Fields & { receiptId: string }>('/v1/workspace:requestDeletion', {
    workspace: 'acme',
  });
  await server.stop();
  let lives = 0;
  for (let isSigned = false; !isSigned; lives += 1) {
    const before = progress();
    await hurry();
    await eventually(
      async () => progress() !== before || (isSigned = (await receiptOf(receiptId)).status === 200),
      Boolean,
      60_000,
    );
    await server.kill();
  }
  // After it began, was released, and while contexts did their parts.
  expect(lives).toBeGreaterThan(3);
  await hurry();
  await eventually(
    () => receiptOf(receiptId),
    (answer) => answer.status === 200,
    60_000,
  );
  const { signed } = (await (await receiptOf(receiptId)).json()) as { signed: SignedReceipt };
  const { parts } = JSON.parse(signed.document) as { parts: { context: string; events: number }[] };
  expect(parts.map(({ context }) => context)).toEqual([...contextNames].sort());
  expect(parts.find(({ context }) => context === 'contacts')!.events).toBeGreaterThan(MANY);
  expect(await problemOf(new Api(server.api.address, acme.token).get('/v1/contacts'))).toMatchObject({ status: 401 });
  const { data } = await server.api.get<List<Fields>>('/v1/contacts');
  expect(data.map(({ lastName }) => lastName)).toEqual(['Somerville']);
  await server.stop();
  expect(remainsOf(folder.path, VALUES)).toEqual([]);
  const file = join(folder.path, 'receipt.json');
  writeFileSync(file, JSON.stringify({ signed }));
  const env = { RAPPORT_DATA: folder.path };
  const { text, exitCode } = inspect(['receipt', 'verify', file, '--json'], env);
  expect([exitCode, text]).toEqual([0, expect.stringContaining('by the key in the keyring')]);
  const checks = JSON.parse(inspect(['verify', '--json'], env).text) as Fields[];
  expect(checks.filter(({ result }) => result !== 'ok')).toEqual([]);
  expect(inspect(['audit', 'verify'], env)).toMatchObject({ exitCode: 0 });
});
