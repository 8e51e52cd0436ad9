import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { contextNames } from '@rapport/contexts';
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

/** In the order in which they are passed: how long after a start the process dies. */
const LIVES = [200, 3_000, 6_000, 6_150, 6_300, 6_500, 7_000];

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
  let status = 404;
  for (const life of LIVES) {
    await hurry();
    const until = Date.now() + life;
    await eventually(
      async () => {
        ({ status } = await receiptOf(receiptId));
        return status === 200 || Date.now() > until;
      },
      Boolean,
      60_000,
    );
    await server.kill();
  }
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
});
