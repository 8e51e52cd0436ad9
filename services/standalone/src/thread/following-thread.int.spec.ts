import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { parseConfig } from '@rapport/config';
import { standaloneSettings } from '../settings.js';
import { type Standalone, startStandalone } from '../standalone.js';
import { FollowingThread } from './following-thread.js';

const TOKEN = 'a-token-of-at-least-32-characters';
const HEADERS = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };

let folder: string;
let standalone: Standalone;
/** Each server keeps its thread to itself. */
const starts = jest.spyOn(FollowingThread.prototype, 'start');
const threadOfNow = (): FollowingThread => starts.mock.contexts.at(-1) as FollowingThread;
const workerOf = (following: FollowingThread) => (following as unknown as { readonly worker: Worker }).worker;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-thread-'));
  standalone = await startStandalone(
    parseConfig(standaloneSettings, {
      RAPPORT_DATA: folder,
      RAPPORT_PORT: '0',
      RAPPORT_ADMIN_TOKEN: TOKEN,
      RAPPORT_LOG_LEVEL: 'silent',
      RAPPORT_RATE_LIMIT: '0',
      RAPPORT_TELEMETRY: 'on',
    }).config,
  );
});
afterEach(async () => {
  await standalone.close();
  rmSync(folder, { recursive: true });
});

const create = (lastName: string): Promise<Response> =>
  fetch(`${standalone.address}/v1/contacts`, { method: 'POST', headers: HEADERS, body: JSON.stringify({ lastName }) });

/** All contacts, once a write is among them. */
const listAfter = (written: Response): Promise<Response> => {
  const headers = { ...HEADERS, 'rapport-consistency': written.headers.get('rapport-consistency')! };
  return fetch(`${standalone.address}/v1/contacts?sort=lastName`, { headers });
};

const namesIn = async (answer: Response): Promise<readonly string[]> =>
  ((await answer.json()) as { data: { lastName: string }[] }).data.map(({ lastName }) => lastName);

const nextTurn = (): Promise<void> => new Promise(setImmediate);

describe('the thread that follows', () => {
  it('is replaced when it dies: meanwhile writes are taken and whoever waits is told, afterwards nothing is missing', async () => {
    expect(await namesIn(await listAfter(await create('Before')))).toEqual(['Before']);
    const thread = threadOfNow();
    const dying = workerOf(thread);
    await dying.terminate();
    const created = await create('Meanwhile');
    expect(created.status).toBe(201);
    const refused = await listAfter(created);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await fetch(`${standalone.address}/readyz`)).status).toBe(200);
    let shown: Response;
    while ((shown = await listAfter(created)).status === 503) await nextTurn();
    expect(await namesIn(shown)).toEqual(['Before', 'Meanwhile']);
    expect(workerOf(thread)).not.toBe(dying);
  });

  it('tells what it measures together with the thread of the door, each metric once', async () => {
    await listAfter(await create('Measured'));
    const lines = (await (await fetch(`${standalone.address}/metrics`)).text()).split('\n');
    const described = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]!);
    expect(new Set(described).size).toBe(described.length);
    expect(lines.filter((line) => line.includes('thread="followers"'))).not.toEqual([]);
    const samples = lines.filter((line) => line && !line.startsWith('#')).map((line) => line.split(' ')[0]!);
    expect(new Set(samples).size).toBe(samples.length);
  });
});
