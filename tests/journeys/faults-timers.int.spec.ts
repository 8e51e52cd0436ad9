import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { ServerProcess, temporaryFolder } from './support/child-process.js';
import { everyEvent } from './support/contents.js';
import { eventually } from './support/eventually.js';

jest.setTimeout(120_000);

const DEALS = 400;
const ROWS = 200;
const MINUTE = 60_000;
const hurried = fileURLToPath(new URL('../dist/journeys/support/hurried-standalone.js', import.meta.url));

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

/** The same data in a process whose time runs faster: a minute in 50 ms. */
const hurry = (from: number, factor = 1_200): Promise<ServerProcess> => {
  const env = { TEST_TIME_FROM: new Date(from).toISOString(), TEST_TIME_FACTOR: `${factor}` };
  return ServerProcess.start({ data: folder.path, main: hurried, env });
};

it('four hundred deals come due once each, however often the server is killed meanwhile', async () => {
  const { api } = server;
  await api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'New', probability: 20 }] });
  const expectedCloseOn = new Date(Date.now() + 24 * 60 * MINUTE).toISOString().slice(0, 10);
  for (let n = 0; n < DEALS; n += ROWS) {
    const rows = Array.from({ length: ROWS }, (_, row) => ({ create: { name: `Deal ${n + row}`, expectedCloseOn } }));
    await api.post('/v1/opportunities:batch', { rows });
  }
  const due = Date.parse(expectedCloseOn) + 24 * 60 * MINUTE;
  await server.stop();
  const came = async (): Promise<number> => (await everyEvent(server.api, 'event = "OpportunityCameDue"')).length;
  for (const [round, kill] of [1, 60, 150, 151, 300].entries()) {
    server = await hurry(due + (round - 1) * MINUTE);
    await eventually(came, (count) => count >= kill);
    await server.kill();
  }
  server = await hurry(due + 60 * MINUTE);
  await eventually(came, (count) => count >= DEALS);
  await server.kill();
  // Had anything been left to be done again, it would be by the time that the next day is over.
  server = await hurry(due + 60 * MINUTE, 6_000);
  const next = new Date(due).toISOString().slice(0, 10);
  await server.api.post('/v1/opportunities', { name: 'Last', expectedCloseOn: next });
  await eventually(came, (count) => count > DEALS);
  const events = await everyEvent(server.api, 'event = "OpportunityCameDue"');
  expect(events).toHaveLength(DEALS + 1);
  expect(new Set(events.map(({ subject }) => subject)).size).toBe(DEALS + 1);
  expect(new Set(events.map(({ revision }) => revision))).toEqual(new Set([1]));
});
