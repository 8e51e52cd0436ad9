import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Api, Fields, List } from '../journeys/support/api.js';
import { ServerProcess } from '../journeys/support/child-process.js';
import { everyEvent } from '../journeys/support/contents.js';
import { Import } from '../journeys/support/imports.js';
import { type Ended, ScratchCopy } from './scratch-copy.js';

// A whole workspace is built, more than once.
jest.setTimeout(900_000);

let copy: ScratchCopy;
beforeAll(async () => {
  copy = await ScratchCopy.make();
});
afterAll(() => copy.remove());

/** What it said is shown when it did not. */
const succeeds = async (command: Promise<Ended>): Promise<void> => {
  const { code, output } = await command;
  if (code !== 0) throw new Error(output);
};

/** Every file that `docs/add-a-record.md` lists, with the names of this test's record in it. */
const listed = (): readonly string[] =>
  readFileSync(copy.file('docs/add-a-record.md'), 'utf8')
    .split('\n')
    .flatMap((line) => /^\| `([^`]+)`/.exec(line)?.[1] ?? [])
    .map((path) =>
      path.replaceAll('<context>', 'tickets').replaceAll('<records>', 'tickets').replaceAll('<record>', 'ticket'),
    )
    .sort();

describe('names that cannot be', () => {
  it.each([
    [['new:context', 'sales'], /There is a context "sales" already/],
    [['new:context', 'Tickets'], /"Tickets" cannot be a context/],
    [['new:context', 'my-tickets'], /cannot be a context: take one word/],
    [['new:context', 'gateway'], /means something else in Rapport already/],
    [['new:context', 'delete'], /means something else/],
    [['new:context'], /npm run new:context -- <name>/],
    [['new:record', 'support', 'ticket'], /There is no context "support"; there are contacts, sales/],
    [['new:record', 'sales', 'product'], /There is a product in sales already/],
    [['new:record', 'sales', 'case'], /"case" is a word of the language/],
    [['new:record', 'sales', 'price-book'], /"price-book" cannot be a kind of record/],
    [['new:record', 'sales', 'stage'], /pipeline\.proto has a message Stage already/],
    [['new:record', 'sales', 'good', '--plural', 'contacts'], /are imported into contacts already/],
    [['new:record', 'sales', 'sheep', '--plural', 'sheep'], /is its own plural/],
    [['new:record', 'sales', 'report'], /reports_service.proto has a service ReportsService already/],
    [['new:record', 'contacts', 'figure', '--plural', 'opportunities'], /are imported into sales already/],
    [
      ['new:record', 'contacts', 'figure', '--plural', 'pipelines'],
      /is an address of .*pipelines_service.proto already/,
    ],
  ])('%j', async ([script, ...args], reason) => {
    const { code, output } = await copy.npm(script!, ...args);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(reason) });
    expect(output).not.toContain('    at ');
    expect(await copy.changed()).toEqual([]);
  });
});

describe('a context that was made, and a record in it', () => {
  it('is written, and nothing has to be mended by hand', async () => {
    await succeeds(copy.npm('new:context', 'tickets'));
    await succeeds(copy.npm('docs'));
    await copy.commit();
    await succeeds(copy.npm('new:record', 'tickets', 'ticket'));
    await succeeds(copy.npm('build'));
  });

  it('passes the tests that every context has to, once its golden history is written', async () => {
    await succeeds(
      copy.run('env', 'RAPPORT_WRITE_GOLDEN=1', 'npm', 'run', '--silent', 'test:only', '--', 'tests/golden'),
    );
    const suites = [
      'services/tickets',
      'libs/contexts',
      'tests/golden',
      'tests/contract',
      'tests/infra',
      'tests/docs/pages',
    ];
    await succeeds(copy.npm('test:only', ...suites));
  });

  it('is ten files, those that the page lists', async () => {
    const files = await copy.changed();
    expect(files).toEqual(listed());
    expect(files.length).toBeLessThanOrEqual(10);
  });

  it('keeps the rules of the house', async () => {
    const written = (await copy.run('git', 'ls-files', 'services/tickets', 'proto/rapport/tickets')).output.split('\n');
    const files = [...written, ...(await copy.changed())].filter((file) => /\.(ts|md|json|mjs|yml)$/.test(file));
    await succeeds(copy.run('node', 'tools/setup/run.mjs', 'prettier', '--check', ...files));
    await succeeds(copy.run('node', 'tools/lint/lint.mjs', 'services/tickets', 'libs/contexts'));
    for (const check of ['proto:lint', 'proto:breaking', 'docs:check']) await succeeds(copy.npm(check));
    await succeeds(copy.npm('contexts', '--check'));
  });

  it('does through the gateway what every record does', async () => {
    const data = await mkdtemp(join(tmpdir(), 'rapport-tickets-'));
    const server = await ServerProcess.start({ data, main: copy.file('services/standalone/dist/main.js') });
    try {
      await liveThrough(server.api);
    } finally {
      await server.stop();
      await rm(data, { recursive: true });
    }
  });
});

const liveThrough = async (api: Api): Promise<void> => {
  const first = await api.post<Fields>('/v1/tickets', { name: 'Printer', tags: ['hardware'], externalId: 'T-1' });
  await api.post('/v1/tickets', { name: 'Screen' });
  const filter = encodeURIComponent('tags:"hardware" AND name = "Printer"');
  const found = await api.get<List<Fields>>(`/v1/tickets?filter=${filter}`);
  expect(found.data).toMatchObject([{ id: first.id, name: 'Printer' }]);

  const ticket = `/v1/tickets/${first.id}`;
  expect(await api.patch<Fields>(ticket, { name: 'Printers' })).toMatchObject({ name: 'Printers' });
  const history = await api.get<{ data: { eventId: string; type: string }[] }>(`${ticket}/history`);
  expect(history.data.map(({ type }) => type)).toEqual(['TicketEdited', 'TicketCreated']);
  expect(await api.post<Fields>(`${ticket}:undo`, { eventId: history.data[0]!.eventId })).toMatchObject({
    name: 'Printer',
  });
  expect(await api.post<Fields>(`${ticket}:archive`)).toMatchObject({ info: { archived: true } });

  const imported = await Import.run(api, 'tickets', 'Ticket,Ticket ID,Labels\nKeyboard,T-2,hardware;usb\n');
  expect(await imported.view()).toMatchObject({ state: 'done', counts: { created: 1, failed: 0 } });
  const events = (await everyEvent(api)).filter(({ type }) => type.startsWith('rapport.tickets.v1.'));
  expect(events.map(({ type }) => type.slice('rapport.tickets.v1.'.length))).toEqual([
    ...['TicketCreated', 'TicketCreated', 'TicketEdited', 'TicketChangeUndone', 'TicketArchived', 'TicketCreated'],
  ]);
};
