import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { simulatedTime } from '@rapport/testing';
import type { Assembly } from './support/assembly.js';
import { ADMINISTRATOR, Api, eventually, type Fields, problemOf } from './support/index.js';
import { startStandaloneAssembly } from './support/standalone-assembly.js';

const DAY = 86_400_000;
const time = simulatedTime(Date.now());

let rapport: Assembly;
beforeAll(async () => {
  rapport = await startStandaloneAssembly({}, time);
});
afterAll(() => rapport.stop());

it('an archive is gone after three days, by itself', async () => {
  const api = new Api(rapport.address, ADMINISTRATOR);
  await api.post('/v1/contacts', { lastName: 'Byron' });
  const { id } = await api.post('/v1/workspace/contacts/exports');
  const path = `/v1/workspace/contacts/exports/${id}`;
  const look = () => api.get<Fields & { state: string }>(path);
  await eventually(look, ({ state }) => state === 'done');
  time.advance(2 * DAY);
  expect(await look()).toMatchObject({ state: 'done' });
  time.advance(1.1 * DAY);
  expect(await look()).toMatchObject({ state: 'expired', files: [] });
  expect(await problemOf(api.get(`${path}/export.zip`))).toMatchObject({ status: 410, code: 'export-expired' });
  const filter = encodeURIComponent('what = "WorkspaceExportExpired"');
  await time.passUntil('the timer has ended it', async () => {
    const { data } = await api.get<Fields & { data: Fields[] }>(`/v1/audit/contacts/entries?filter=${filter}`);
    return data.length === 1;
  });
});
