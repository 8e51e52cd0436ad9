import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { ServerProcess, temporaryFolder } from './support/child-process.js';
import { everyEvent, readModelsOf } from './support/contents.js';
import { eventually } from './support/eventually.js';

jest.setTimeout(120_000);

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

interface Follower {
  readonly name: string;
  readonly caughtUp: boolean;
  readonly handled: number;
}

const followers = async (): Promise<readonly Follower[]> => {
  const { api } = server;
  const lists = await Promise.all(
    ['contacts', 'sales'].map((context) =>
      api.get<{ data: readonly Follower[] }>(`/v1/operations/${context}/followers`),
    ),
  );
  return lists.flatMap(({ data }) => data);
};

const settled = (): Promise<readonly Follower[]> =>
  eventually(followers, (all) => all.every(({ caughtUp }) => caughtUp));

/** Whose documents are views; everything else acts on the world outside. */
const isProjection = ({ name }: Follower): boolean => name.includes('@');

it('views that were deleted are built again, and nothing is published or done a second time', async () => {
  const { api } = server;
  await api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'New', probability: 20 }] });
  const account = await api.post('/v1/accounts', { name: 'Acme' });
  for (let n = 0; n < 20; n += 1) {
    const { id } = await api.post('/v1/contacts', { lastName: `Person ${n}`, accountId: account.id });
    if (n % 5 === 0) await api.post(`/v1/contacts/${id}:erase`);
    await api.post('/v1/opportunities', { name: `Deal ${n}`, accountId: account.id });
  }
  await settled();
  const [shown, facts] = [await readModelsOf(api), await everyEvent(api)];
  expect(JSON.stringify(shown)).toContain('"accountName":"Acme"');
  await server.stop();
  for (const file of readdirSync(folder.path)) {
    if (/-views\.db/.test(file)) rmSync(join(folder.path, file));
  }
  server = await ServerProcess.start({ data: folder.path });
  const all = await settled();
  expect(await readModelsOf(server.api)).toEqual(shown);
  expect(await everyEvent(server.api)).toEqual(facts);
  expect(all.filter((one) => isProjection(one) && one.handled > 0).length).toBeGreaterThan(3);
  expect(all.filter((one) => !isProjection(one) && one.handled > 0)).toEqual([]);
});
