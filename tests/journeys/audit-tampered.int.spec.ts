import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { inspect } from '@rapport/inspect';
import { parseConfig } from '@rapport/config';
import { standaloneSettings, startStandalone } from '@rapport/standalone';
import { temporaryFolder } from './support/child-process.js';
import { ADMINISTRATOR, Api, eventually, type Fields, type List } from './support/index.js';

const folder = temporaryFolder();
const data = join(folder.path, 'data');

beforeAll(async () => {
  const settings = { RAPPORT_DATA: data, RAPPORT_PORT: '0', RAPPORT_ADMIN_TOKEN: ADMINISTRATOR };
  const standalone = await startStandalone(
    parseConfig(standaloneSettings, { ...settings, RAPPORT_LOG_LEVEL: 'error' }).config,
  );
  const api = new Api(standalone.address, ADMINISTRATOR);
  for (const name of ['North', 'South', 'East']) await api.post('/v1/teams', { name });
  const { page } = await api.get<List<Fields>>('/v1/audit/identity/entries?total=true');
  await eventually(
    () => api.get<Fields>('/v1/audit/identity/chain'),
    ({ links }) => links === page.total,
  );
  await standalone.close();
});
afterAll(() => folder.remove());

const verify = () => inspect(['audit', 'verify', '--data', data, '--json'], {});

const identity = (change: (database: DatabaseSync) => void): void => {
  const database = new DatabaseSync(join(data, 'identity.db'));
  change(database);
  database.close();
};

it('names the first broken link after one byte of the facts was changed, and holds again once it is back', () => {
  expect(verify()).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(verify().text)).toMatchObject([{ service: 'identity', tenant: 'main', result: 'whole' }]);
  const change = (from: string, to: string) =>
    identity((database) =>
      database.prepare(`UPDATE events SET data = replace(data, ?, ?) WHERE type = 'TeamCreated'`).run(from, to),
    );
  change('South', 'Sauth');
  const { text, exitCode } = verify();
  expect(exitCode).toBe(1);
  expect(JSON.parse(text)).toMatchObject([
    { result: expect.stringMatching(/^broken at link \d+: the fact is not what it was$/) },
  ]);
  expect((JSON.parse(text) as { where: string }[])[0]!.where).toMatch(/^team-main-\S+ @0$/);
  change('Sauth', 'South');
  expect(verify()).toMatchObject({ exitCode: 0 });
});

it('finds a fact that was taken out, and a signature that is of another key', () => {
  identity((database) =>
    database.exec(`CREATE TABLE kept AS SELECT * FROM events WHERE type = 'TeamCreated' AND data LIKE '%East%';
      DELETE FROM events WHERE type = 'TeamCreated' AND data LIKE '%East%'`),
  );
  expect(verify().text).toContain('the fact is missing');
  identity((database) => database.exec('INSERT INTO events SELECT * FROM kept; DROP TABLE kept'));
  expect(verify()).toMatchObject({ exitCode: 0 });
  identity((database) =>
    database.exec(`UPDATE events SET data = json_set(data, '$.signature', 'AAAA') WHERE type = 'AuditTrailChained'`),
  );
  expect(verify().text).toContain('its signature is not of the key in the keyring');
});
