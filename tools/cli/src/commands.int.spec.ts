import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCommand } from './commands.js';

const ID = '01890000-0000-7000-8000-000000000001';

interface Seen {
  readonly request: string;
  readonly body: string;
  readonly token: string | undefined;
  readonly range: string | undefined;
}

let folder: string;
let server: Server;
let url: string;
let seen: Seen[];
let answers: Record<string, unknown[]>;
let lines: string[];
let breakUploads: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapport-cli-'));
  [seen, lines, breakUploads] = [[], [], 0];
  server = createServer((request, response) => {
    const name = `${request.method} ${request.url}`;
    if (request.method === 'PUT' && breakUploads-- > 0)
      return void request.once('data', () => request.socket.destroy());
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { authorization, 'content-range': range } = request.headers;
      seen.push({ request: name, body: Buffer.concat(parts).toString(), token: authorization, range });
      const list = answers[name] ?? [];
      const answer = list.length > 1 ? list.shift() : list[0];
      const [status, body] = Array.isArray(answer)
        ? (answer as [number, unknown])
        : [answer === undefined ? 404 : 200, answer ?? { title: 'Not found' }];
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const run = (words: readonly string[], options: { confirm?: boolean } = {}): Promise<number> =>
  runCommand(
    [...words, '--url', url],
    { RAPPORT_TOKEN: 'secret' },
    {
      print: (line) => void lines.push(...line.split('\n')),
      progress: (line) => void lines.push(line),
      confirm: async () => options.confirm,
      wait: async () => undefined,
    },
  );

const view = (state: string, more: object = {}) => ({
  id: ID,
  kind: 'accounts',
  fileName: 'a.csv',
  state,
  createdAt: '2017-01-01T00:00:00.000Z',
  ...more,
});
const at = `/v1/imports/accounts/${ID}`;
const columns = [{ name: 'account', suggestedField: 'name', field: 'name' }, { name: 'extra' }];
const warnings = [{ code: 'columns-left-out', message: 'No field is mapped to extra.' }];
const counts = { rows: '3', processed: '3', created: '2', failed: '1' };
const script = (failed: number) => ({
  'POST /v1/imports/accounts': [view('created')],
  [`PUT ${at}/file`]: [view('uploaded', { columns, settings: { encoding: 'utf-8', separator: ',' }, warnings })],
  [`GET ${at}`]: [
    view('created', { bytes: '4' }),
    view('validated', { counts: { ...counts, failed } }),
    view('running', { counts }),
    view('done', { counts: { ...counts, failed } }),
  ],
  [`PATCH ${at}`]: [view('uploaded', { columns })],
  [`POST ${at}:validate`]: [view('validating')],
  [`POST ${at}:run`]: [view('running')],
  [`GET ${at}/rows?outcome=failed&limit=10`]: [
    {
      data: failed ? [{ row: '2', problems: [{ pointer: '/account', message: 'account is empty. Fill it in.' }] }] : [],
    },
  ],
  [`GET ${at}/errors.csv`]: ['account,rapport_problem\r\n'],
});
const scriptWithoutBreak = (failed: number) => {
  const all = script(failed);
  all[`GET ${at}`] = all[`GET ${at}`].slice(1);
  return all;
};
const file = async (content = 'account\nAcme\n') => {
  const path = join(folder, 'a.csv');
  await writeFile(path, content);
  return path;
};

describe('rapport import', () => {
  it('uploads, maps, tries, runs and says what became of it', async () => {
    answers = scriptWithoutBreak(0);
    const flags = [
      '--map',
      'extra=notes',
      '--value',
      'product:GTXPro=GTX Pro',
      '--scale',
      'revenue=1000000',
      '--require',
      'name',
      '--dates',
      'mdy',
    ];
    expect(await run(['import', 'accounts', await file(), ...flags])).toBe(0);
    expect(seen.every(({ token }) => token === 'Bearer secret')).toBe(true);
    expect(JSON.parse(seen[0]!.body)).toEqual({
      fileName: 'a.csv',
      settings: {
        values: [{ field: 'product', from: 'GTXPro', to: 'GTX Pro' }],
        scales: { revenue: 1_000_000 },
        required: ['name'],
        dates: 'mdy',
      },
    });
    expect(seen[1]!.body).toBe('account\nAcme\n');
    expect(JSON.parse(seen[2]!.body)).toEqual({ columns: { account: 'name', extra: 'notes' } });
    expect(lines).toContain('Done: 3 rows: 2 created');
  });

  it('tells what to look at before it runs', async () => {
    answers = scriptWithoutBreak(0);
    expect(await run(['import', 'accounts', await file(), '--dry-run'])).toBe(0);
    expect(lines).toEqual(expect.arrayContaining(['  extra    →  (left out)', 'Note: No field is mapped to extra.']));
    expect(lines).not.toContainEqual(expect.stringContaining('to be looked at'));
    answers = scriptWithoutBreak(0);
    answers[`GET ${at}`] = [view('validated', { counts: { rows: '3', created: '3', warned: '2' } })];
    const warned = [{ row: '2', warnings: [{ pointer: '/phone', message: 'Its last digits are lost.' }] }];
    answers[`GET ${at}/rows?outcome=warned&limit=10`] = [{ data: warned }];
    expect(await run(['import', 'accounts', await file(), '--dry-run'])).toBe(0);
    expect(lines.slice(-3)).toEqual([
      'Trial: 3 rows: 3 created, 2 to be looked at',
      '  row 2, phone: Its last digits are lost.',
      '  … and 1 more rows',
    ]);
  });

  it('leaves failed rows in a file and says so by its exit code', async () => {
    answers = scriptWithoutBreak(1);
    const errors = join(folder, 'errors.csv');
    expect(await run(['import', 'accounts', await file(), '--yes', '--errors', errors])).toBe(1);
    expect(lines).toContain('  row 2, account: account is empty. Fill it in.');
    expect(await readFile(errors, 'utf8')).toBe('account,rapport_problem\r\n');
  });

  it.each([[undefined], [false]])('does not run when rows would fail and the answer is %s', async (confirm) => {
    answers = scriptWithoutBreak(1);
    expect(await run(['import', 'accounts', await file()], confirm === undefined ? {} : { confirm })).toBe(1);
    expect(seen.map(({ request }) => request)).not.toContain(`POST ${at}:run`);
  });

  it('stops after the trial when told to', async () => {
    answers = scriptWithoutBreak(0);
    expect(await run(['import', 'accounts', await file(), '--dry-run'])).toBe(0);
    expect(seen.map(({ request }) => request)).not.toContain(`POST ${at}:run`);
  });

  it('goes on with a broken upload where the server is', async () => {
    answers = script(0);
    breakUploads = 1;
    expect(await run(['import', 'accounts', await file('0123456789')])).toBe(0);
    expect(seen.find(({ request }) => request.startsWith('PUT'))).toMatchObject({
      body: '456789',
      range: 'bytes 4-9/10',
    });
  });

  it('reverts and shows imports', async () => {
    answers = {
      [`POST ${at}:revert`]: [view('reverting')],
      [`GET ${at}`]: [view('reverted', { counts: { restored: 2, kept: 1 } })],
      'GET /v1/imports/accounts?limit=20': [{ data: [view('done', { counts })] }],
      'GET /v1/me': [{ name: 'Administrator', tenant: 'main', roles: ['administrator'] }],
    };
    expect(await run(['import', 'revert', 'accounts', ID])).toBe(0);
    expect(await run(['import', 'status', 'accounts'])).toBe(0);
    expect(await run(['whoami'])).toBe(0);
    expect(lines).toContain('Reverted: 2 records restored, 1 kept because they were changed later');
    expect(lines.join()).toContain('a.csv  3 rows: 2 created, 1 failed');
    expect(lines.join()).toContain('Administrator of main, administrator');
  });
});

describe('what goes wrong', () => {
  it.each([
    [['import', 'accounts'], 'import wants a kind and a file'],
    [['import', 'accounts', 'missing.csv'], 'There is no file missing.csv'],
    [['dance'], 'There is no command "dance".'],
    [['whoami', '--colour', 'red'], "Unknown option '--colour'"],
    [['import', 'accounts', 'x.csv', '--scale', 'revenue'], '--scale wants'],
    [['import', 'accounts', 'x.csv', '--value', 'GTXPro'], '--value wants'],
  ])('%j is said as a sentence', async (words, sentence) => {
    answers = {};
    expect(await run(words)).toBe(2);
    expect(lines.join('\n')).toContain(sentence);
  });

  it('in the server is said in its own words', async () => {
    answers = {
      'GET /v1/me': [
        [
          403,
          {
            title: 'Forbidden',
            detail: 'The role viewer may not do this.',
            errors: [{ pointer: '/a', message: 'a is missing.' }],
          },
        ],
      ],
    };
    expect(await run(['whoami'])).toBe(2);
    expect(lines).toEqual(['The role viewer may not do this.', '  /a a is missing.']);
    answers = {
      'GET /v1/me': [
        [401, {}],
        [502, '<html>'],
      ],
    };
    await run(['whoami']);
    await run(['whoami']);
    expect(lines.slice(2).join()).toMatch(/does not know this token.*answered 502/);
  });

  it('on the way there is said with what to do', async () => {
    const exit = await runCommand(
      ['whoami', '--url', 'http://127.0.0.1:1'],
      {},
      {
        print: (line) => void lines.push(line),
        progress: () => undefined,
        confirm: async () => undefined,
        wait: async () => undefined,
      },
    );
    expect(exit).toBe(2);
    expect(lines.join()).toMatch(/Nothing answers at http:\/\/127.0.0.1:1 .*npm start/);
  });
});
