import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { makeContextKeys } from '@rapport/distributed';
import { openEventStoreDb } from '@rapport/eventstoredb';
import { type Denial, type Double, startDouble } from '@rapport/eventstoredb-double';
import { keepFactsIn } from '@rapport/processing';
import { builtProgram } from '../journeys/support/processes/built-program.js';

// A process takes its time to start on a busy machine.
jest.setTimeout(60_000);

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const folder = mkdtempSync(join(tmpdir(), 'rapport-context-keys-'));
makeContextKeys(folder);
afterAll(() => rmSync(folder, { recursive: true }));

/** All that a context must be given. */
const complete = {
  RAPPORT_CONTEXT_KEYS: folder,
  RAPPORT_HEALTH_PORT: '0',
  RAPPORT_LOG_LEVEL: 'silent',
  RAPPORT_MASTER_KEY: randomBytes(32).toString('base64'),
  RAPPORT_PRINCIPAL_PUBLIC_KEY: publicPem,
};

const VARIABLES = [
  'RAPPORT_CONTEXT_KEYS',
  'RAPPORT_MASTER_KEY',
  'RAPPORT_PRINCIPAL_PUBLIC_KEY',
  'RAPPORT_STOP_TIMEOUT',
];

const doubleThatDenies = (denied: Denial) => async (): Promise<Double> => {
  const double = await startDouble();
  await double.faults.set({ denied });
  return double;
};

/** What a program says when it cannot start. */
const refused = async (service: string, settings: Readonly<Record<string, string>>): Promise<[number, string]> => {
  const env = { PATH: process.env['PATH'], RAPPORT_PORT: '0', RAPPORT_START_TIMEOUT: '1ms', ...settings };
  const child = spawn(process.execPath, [builtProgram(`services/${service}`)], { env });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return [code, said];
};

describe('a process that cannot start', () => {
  it('names every setting that is missing', async () => {
    const [code, said] = await refused('contacts', { RAPPORT_STOP_TIMEOUT: 'long' });
    expect(code).toBe(1);
    expect(said).toContain('contacts cannot start. The configuration has 4 problems:');
    for (const variable of VARIABLES) expect(said).toContain(`- ${variable} `);
  });

  it('names the engine that it waited for, and no password', async () => {
    const url = 'esdb://admin:changeit@127.0.0.1:1?tls=false';
    const [code, said] = await refused('sales', { ...complete, EVENTSTOREDB_URL: url });
    expect(code).toBe(1);
    expect(said).toMatch(
      /^sales cannot start\. EventStoreDB at 127\.0\.0\.1:1 cannot be reached: .*RAPPORT_START_TIMEOUT\.\n$/,
    );
    expect(said).not.toContain('changeit');
  });

  it.each([
    ['nobody listens', async () => undefined, 'tls=false', 'connect ECONNREFUSED'],
    ['there is TLS against none', startDouble, 'tls=true', 'wrong version number'],
    ['the user is unknown', doubleThatDenies('everything'), 'tls=false', 'does not know this user and password'],
    ['the user may not write', doubleThatDenies('writing'), 'tls=false', 'does not allow this user to append'],
    [
      'the user may not read everything',
      doubleThatDenies('all'),
      'tls=false',
      'does not allow this user to read all streams',
    ],
  ])('says what is wrong with EventStoreDB when %s', async (_, serve, query, reason) => {
    const double = await serve();
    const address = double ? new URL(double.url).host : '127.0.0.1:1';
    const [code, said] = await refused('sales', { ...complete, EVENTSTOREDB_URL: `esdb://${address}?${query}` });
    await double?.stop();
    expect([code, said]).toEqual([1, expect.stringContaining(reason)]);
  });

  it('opens nothing that is kept in another region', async () => {
    const double = await startDouble();
    const url = `esdb://${new URL(double.url).host}?tls=false`;
    const eu = openEventStoreDb({ url, namespace: 'rapport_sales', connectionName: 'eu' });
    await keepFactsIn('eu', 'What sales has stored', eu.bookkeeping);
    await eu.close();
    for (const [RAPPORT_REGION, here] of [
      ['us', 'this is region "us"'],
      ['', 'no region is set here'],
    ] as const) {
      const settings = { ...complete, EVENTSTOREDB_URL: url, RAPPORT_START_TIMEOUT: '20s' };
      const [code, said] = await refused('sales', { ...settings, ...(RAPPORT_REGION && { RAPPORT_REGION }) });
      expect([code, said]).toEqual([
        1,
        expect.stringContaining(`What sales has stored in EventStoreDB belongs to region "eu", and ${here}`),
      ]);
    }
    await double.stop();
  });

  it('says which key is none, without showing it', async () => {
    const [code, said] = await refused('gateway', { RAPPORT_PRINCIPAL_PRIVATE_KEY: publicPem });
    expect([code, said]).toEqual([1, expect.stringContaining('RAPPORT_PRINCIPAL_PRIVATE_KEY is not the PEM')]);
    const address = await refused('gateway', {
      RAPPORT_PRINCIPAL_PRIVATE_KEY: privatePem,
      RAPPORT_CONTACTS_ADDRESS: 'http://contacts',
    });
    expect(address).toEqual([1, expect.stringContaining('The address of contacts is "http://contacts"')]);
  });
});
