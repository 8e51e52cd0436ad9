import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseConfig } from '@rapport/config';
import { standaloneSettings, startStandalone } from '@rapport/standalone';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ADMINISTRATOR,
  type Api,
  type Fields,
  type List,
  Rapport,
  rowsOf,
  writeGeneratedCompany,
} from './support/index.js';

const CLI = fileURLToPath(new URL('../../tools/cli/bin/rapport.js', import.meta.url));

let rapport: Rapport;
let api: Api;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapport-cli-'));
  await writeGeneratedCompany(folder, 200);
  rapport = await Rapport.start();
  api = rapport.api;
  const stages = ['Prospecting', 'Engaging'].map((name) => ({ name, probability: 10 }));
  await api.post('/v1/pipelines', { name: 'Hardware sales', currency: 'USD', stages });
});
afterAll(async () => {
  await rapport.stop();
  await rm(folder, { recursive: true });
});

/** The program as people start it, in a process of its own, in the folder of the company's files. */
const cli = (words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ exit: number; said: string }> =>
  new Promise((resolve) => {
    const options = { cwd: folder, env: { PATH: process.env['PATH'], ...environment(), ...env } };
    const child = execFile(process.execPath, [CLI, ...words], options, (_, stdout, stderr) =>
      resolve({ exit: child.exitCode ?? -1, said: stdout + stderr }),
    );
    child.stdin?.end();
  });
const environment = (): Record<string, string> => ({ RAPPORT_URL: api.address, RAPPORT_TOKEN: ADMINISTRATOR });
const total = async (list: string): Promise<number> =>
  (await api.get<List<Fields>>(`/v1/${list}?limit=1&total=true`)).page.total!;

describe('rapport, in a terminal', () => {
  it('knows who is there, and says what is missing', async () => {
    expect(await cli(['whoami'])).toMatchObject({ exit: 0, said: expect.stringContaining('Administrator of main') });
    expect(await cli(['whoami'], { RAPPORT_TOKEN: 'wrong' })).toMatchObject({ exit: 2 });
    const nowhere = await cli(['whoami'], { RAPPORT_URL: 'http://127.0.0.1:1' });
    expect(nowhere).toMatchObject({ exit: 2, said: expect.stringContaining('Nothing answers') });
    expect(await cli(['import', 'dogs', 'accounts.csv'])).toMatchObject({ exit: 2 });
    expect(await cli(['import', 'accounts', 'nowhere.csv'])).toMatchObject({ exit: 2 });
    expect(await cli(['help'])).toMatchObject({ exit: 0 });
  });

  it('brings a company in', async () => {
    const accounts = ['import', 'accounts', 'accounts.csv', '--currency', 'USD', '--scale', 'revenue=1000000'];
    const sector = ['--value', 'sector:technolgy=technology'];
    expect(await cli([...accounts, ...sector])).toMatchObject({ exit: 0, said: expect.stringContaining('20 created') });
    expect((await api.all('/v1/accounts')).filter(({ sector }) => sector === 'technolgy')).toEqual([]);
    expect(await cli(['import', 'products', 'products.csv', '--currency', 'USD'])).toMatchObject({ exit: 0 });
    expect(await cli(['import', 'representatives', 'sales_teams.csv'])).toMatchObject({ exit: 0 });
    expect([await total('accounts'), await total('products'), await total('representatives')]).toEqual([20, 3, 7]);
  });

  it('tries first, leaves bad rows in a file, takes the mended file, and takes all of it back', async () => {
    const words = [
      'import',
      'opportunities',
      'sales_pipeline.csv',
      '--currency',
      'USD',
      '--pipeline',
      'Hardware sales',
    ];
    const deals = rowsOf(await readFile(join(folder, 'sales_pipeline.csv'), 'utf8'));
    const bad = deals.filter(({ product }) => product === 'GTXPro').length;
    const trial = await cli([...words, '--dry-run']);
    expect(trial).toMatchObject({ exit: 1, said: expect.stringContaining(`${bad} failed`) });
    expect(trial.said).toContain('GTXPro');
    // Nobody is there to answer whether the good rows shall go in.
    expect(await cli(words)).toMatchObject({ exit: 1, said: expect.stringContaining('--yes') });
    expect(await total('opportunities')).toBe(0);

    const partly = await cli([...words, '--yes', '--errors', 'left.csv']);
    expect(partly).toMatchObject({ exit: 1, said: expect.stringContaining('left.csv') });
    expect(await total('opportunities')).toBe(deals.length - bad);
    const left = await readFile(join(folder, 'left.csv'), 'utf8');
    expect(rowsOf(left)).toHaveLength(bad);
    await writeFile(join(folder, 'mended.csv'), left.replaceAll(',GTXPro,', ',GTX Pro,'));
    const mended = await cli(words.with(2, 'mended.csv'));
    expect(mended).toMatchObject({ exit: 0, said: expect.stringContaining(`${bad} created`) });
    expect(await total('opportunities')).toBe(deals.length);

    const again = await cli([...words, '--value', 'product:GTXPro=GTX Pro']);
    expect(again).toMatchObject({ exit: 0, said: expect.stringContaining(`${deals.length} unchanged`) });
    for (const { said } of [partly, mended]) {
      const [, id] = /^Import (\S+) of opportunities/m.exec(said)!;
      expect(await cli(['import', 'revert', 'opportunities', id!])).toMatchObject({ exit: 0 });
      expect(await cli(['import', 'status', 'opportunities', id!])).toMatchObject({
        said: expect.stringContaining('reverted'),
      });
    }
    expect(await total('opportunities')).toBe(0);
  });
});

describe('rapport sign-in', () => {
  const dataOf = async (): Promise<{ data: string; env: NodeJS.ProcessEnv }> => {
    const data = await mkdtemp(join(tmpdir(), 'rapport-lost-'));
    return { data, env: { RAPPORT_DATA: data, RAPPORT_TOKEN: '' } };
  };

  it('lets back in who has lost the token, and nobody where nothing is', async () => {
    const { data, env } = await dataOf();
    expect(await cli(['sign-in'], env)).toMatchObject({ exit: 2, said: expect.stringContaining('never started') });
    const config = { ...parseConfig(standaloneSettings, {}).config, data, port: 0, logLevel: 'silent' as const };
    const lost = await startStandalone(config);
    expect(await cli(['sign-in'], env)).toMatchObject({
      exit: 2,
      said: expect.stringContaining('Another Rapport runs'),
    });
    await lost.close();
    const { exit, said } = await cli(['sign-in'], env);
    expect(exit).toBe(0);
    const [RAPPORT_TOKEN = ''] = /rapport_[\w-]+/.exec(said) ?? [];
    const found = await startStandalone(config);
    const who = await cli(['whoami'], { RAPPORT_URL: found.address, RAPPORT_TOKEN });
    expect(who).toMatchObject({ exit: 0, said: expect.stringContaining('administrator, operator') });
    await found.close();
    await rm(data, { recursive: true });
  });
});
