import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, type Fields, grant, Import, Rapport, somebody } from './support/index.js';

const ROWS = 6_000;
const file = ['key,name', ...Array.from({ length: ROWS }, (_, n) => `K-${n},Company ${n}`), ''].join('\n');
const KEYED = { columns: { key: 'externalId', name: 'name' } };

let rapport: Rapport;
beforeAll(async () => {
  rapport = await Rapport.start();
});
afterAll(() => rapport.stop());

describe('an import of somebody who is deactivated', () => {
  let path: string;

  it('stops, says why, and leaves nothing half done without a word', async () => {
    const role = { grants: [grant('account', '*', 'all'), grant('import', '*', 'own')] };
    const leaver = await somebody(rapport.api, { role });
    const imported = await Import.of(leaver.api, 'accounts', file, KEYED);
    ({ path } = imported);
    await leaver.api.post(`${path}:run`);
    await rapport.api.post(`/v1/users/${leaver.id}:deactivate`);
    const stopped = await eventually(
      () => rapport.api.get<Fields>(path),
      ({ state }) => state !== 'running',
    );
    expect(stopped).toMatchObject({ state: 'failed', problem: { code: 'maker-deactivated' } });
    const { processed } = stopped['counts'] as { readonly processed: number };
    expect(processed).toBeLessThan(ROWS);
    await eventually(
      () => leaver.api.fetch('GET', '/v1/me'),
      ({ status }) => status === 401,
    );
  });

  it('is gone on with by an administrator, each row once, or taken back', async () => {
    await rapport.api.post(`${path}:run`);
    const ended = (state: string) =>
      eventually(
        () => rapport.api.get<Fields>(path),
        (view) => view['state'] === state,
        290_000,
      );
    expect(await ended('done')).toMatchObject({ counts: { created: ROWS, failed: 0 } });
    await rapport.api.post(`${path}:revert`);
    expect(await ended('reverted')).toMatchObject({ counts: { restored: ROWS, kept: 0 } });
  }, 600_000);
});
