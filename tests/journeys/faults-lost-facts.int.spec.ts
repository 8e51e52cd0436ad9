import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { problemOf, type Fields, type List } from './support/api.js';
import { ServerProcess, temporaryFolder } from './support/child-process.js';
import { eventually } from './support/eventually.js';

jest.setTimeout(120_000);

let folder: ReturnType<typeof temporaryFolder>;
let server: ServerProcess;
const start = async (env = {}): Promise<void> => {
  server = await ServerProcess.start({ data: folder.path, env });
};
beforeEach(async () => {
  folder = temporaryFolder();
  await start();
  await server.api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'New', probability: 20 }] });
  await create('Before');
  await stopped();
  copyFileSync(file('contacts.db'), file('older'));
  await start();
  for (let n = 0; n < 5; n += 1) await create(`Person ${n}`);
  await stopped();
});
afterEach(async () => {
  await server.kill();
  folder.remove();
});

const file = (name: string): string => join(folder.path, name);
const remove = (name: string): void => {
  for (const more of ['', '-wal', '-shm']) rmSync(file(`${name}${more}`), { force: true });
};
const stopped = async (): Promise<void> => expect(await server.stop()).toBe(0);
/** A contact and an account; sales hears of the account. */
const create = async (name: string): Promise<void> => {
  const { api } = server;
  const { id: accountId } = await api.post('/v1/accounts', { name: `${name} Inc.` });
  await api.post('/v1/contacts', { lastName: name, accountId });
};
const refusal = async (env = {}): Promise<string> => {
  const { code, output } = await ServerProcess.refused({ data: folder.path, env });
  expect(code).toBe(1);
  return output.trim();
};
const names = async (): Promise<readonly unknown[]> =>
  (await server.api.get<List<Fields>>('/v1/contacts?sort=lastName')).data.map(({ lastName }) => lastName);

const BEHIND =
  /^Rapport cannot start\. The facts of contacts end before what \S+( \(inbox:contacts\))? has seen of them: [^\n.]*by deleting the views of this context and raising RAPPORT_EPOCH by one \(docs\/operations\.md\)\.$/;

describe('facts that are behind what was made of them', () => {
  it.each([
    ['are missing', () => remove('contacts.db')],
    [
      'are an older copy',
      () => {
        remove('contacts.db');
        copyFileSync(file('older'), file('contacts.db'));
      },
    ],
  ])('are refused at the start where they %s, with a way out that is one', async (_, lose) => {
    await start();
    const { next: cursor } = await server.api.get<{ next: string }>('/v1/events?after=now');
    await stopped();
    lose();
    expect(await refusal()).toMatch(BEHIND);
    remove('contacts-views.db');
    expect(await refusal()).toMatch(BEHIND);
    await start({ RAPPORT_EPOCH: '1' });
    const ahead = problemOf(server.api.get(`/v1/events?after=${cursor}`));
    expect(await ahead).toMatchObject({ status: 400, code: 'cursor-ahead' });
    const left = await names();
    await create('Since then');
    await eventually(names, (shown) => isDeepStrictEqual(shown, [...left, 'Since then']));
    const accounts = () => server.api.get<List<Fields>>('/v1/accounts?limit=1');
    const { id: accountId } = (await eventually(accounts, ({ data }) => data.length === 1)).data[0]!;
    const deal = await server.api.post('/v1/opportunities', { name: 'Deal', accountId });
    await eventually(
      () => server.api.get(`/v1/opportunities/${deal.id}`),
      ({ accountName }) => accountName !== undefined,
    );
  });

  it('are none where only the views are gone', async () => {
    remove('contacts-views.db');
    remove('sales-views.db');
    await start();
    await eventually(names, (shown) => shown.length === 6);
  });
});

it('facts without their keyring are refused at the start', async () => {
  remove('keys.db');
  expect(await refusal()).toMatch(/^Rapport cannot start\. There are sealed facts of contacts without their keys, /);
});
