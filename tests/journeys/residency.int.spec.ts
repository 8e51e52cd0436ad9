import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { copyFileSync, cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '@rapport/config';
import { type Standalone, standaloneSettings, startStandalone } from '@rapport/standalone';
import { temporaryFolder } from './support/child-process.js';
import { ADMINISTRATOR, Api, problemOf } from './support/index.js';

const folder = temporaryFolder();
/** The same in both regions: who keeps data where. */
const PINNED = 'acme=eu,globex=us';

const start = (region: string, data = region): Promise<Standalone> =>
  startStandalone(
    parseConfig(standaloneSettings, {
      ...{ RAPPORT_DATA: join(folder.path, data), RAPPORT_PORT: '0', RAPPORT_LOG_LEVEL: 'silent' },
      ...{ RAPPORT_ADMIN_TOKEN: ADMINISTRATOR, RAPPORT_REGION: region, RAPPORT_TENANT_REGIONS: PINNED },
    }).config,
  );

const stop = async (...running: readonly Standalone[]): Promise<void> =>
  void (await Promise.all(running.map((each) => each.close())));

let eu: Standalone;
let us: Standalone;
beforeAll(async () => {
  [eu, us] = await Promise.all([start('eu'), start('us')]);
  await new Api(eu.address, ADMINISTRATOR).post('/v1/contacts', { lastName: 'Lovelace' });
});
afterAll(async () => {
  await stop(eu, us);
  folder.remove();
});

describe('a tenant that is pinned to a region', () => {
  it('comes in there, and is told where at the doors of others', async () => {
    const acme = await new Api(eu.address, ADMINISTRATOR).clientFor(['administrator'], 'acme');
    expect(await acme.get('/v1/me')).toMatchObject({ tenant: 'acme' });
    const elsewhere = new Api(us.address, ADMINISTRATOR);
    expect(await problemOf(elsewhere.clientFor(['administrator'], 'acme'))).toMatchObject({
      code: 'other-region',
      detail: '"acme" keeps its data in region "eu". Come in at the door of that region.',
    });
    const credentials = { tenant: 'acme', email: 'ada@example.org', password: 'an engine that weaves' };
    const signIn = await fetch(`${us.address}/v1/sessions`, {
      method: 'POST',
      headers: { origin: us.address, 'content-type': 'application/json' },
      body: JSON.stringify(credentials),
    });
    expect(await signIn.json()).toMatchObject({ code: 'other-region' });
  });

  it('keeps no token of before, once it is pinned elsewhere', async () => {
    const initech = await new Api(eu.address, ADMINISTRATOR).clientFor(['administrator'], 'initech');
    await stop(eu);
    const moved = parseConfig(standaloneSettings, {
      ...{ RAPPORT_DATA: join(folder.path, 'eu'), RAPPORT_PORT: '0', RAPPORT_LOG_LEVEL: 'silent' },
      ...{ RAPPORT_REGION: 'eu', RAPPORT_TENANT_REGIONS: `${PINNED},initech=us` },
    });
    eu = await startStandalone(moved.config);
    expect(await problemOf(new Api(eu.address, initech.token).get('/v1/me'))).toMatchObject({ code: 'other-region' });
  });
});

describe('what is kept in a region', () => {
  beforeAll(() => stop(eu, us));
  afterAll(async () => {
    [eu, us] = await Promise.all([start('eu'), start('us')]);
  });

  it('is not opened in another one', async () => {
    await expect(start('us', 'eu')).rejects.toThrow(/belongs to region "eu", and this is region "us"/);
  });

  it.each(['contacts.db', 'contacts-views.db', 'keys.db', 'identity.db'])(
    'is not opened there either where only %s was put',
    async (file) => {
      const data = `us-with-${file}`;
      cpSync(join(folder.path, 'us'), join(folder.path, data), { recursive: true });
      for (const end of ['', '-wal', '-shm']) {
        rmSync(join(folder.path, data, file + end), { force: true });
        const source = join(folder.path, 'eu', file + end);
        if (existsSync(source)) copyFileSync(source, join(folder.path, data, file + end));
      }
      if (file === 'keys.db')
        copyFileSync(join(folder.path, 'eu', 'master.key'), join(folder.path, data, 'master.key'));
      const refusal = file === 'keys.db' ? 'The keyring' : `The file .*${file}`;
      await expect(start('us', data)).rejects.toThrow(
        new RegExp(`^${refusal} belongs to region "eu", and this is region "us"\\. Set RAPPORT_REGION`),
      );
    },
  );
});
