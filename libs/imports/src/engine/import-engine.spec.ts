import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { changeCompany, companyDecider, companyStates } from '../fakes/companies.js';
import {
  callOfAda,
  type Disk,
  newDisk,
  openWorkbench,
  TENANT,
  type User,
  userOf,
  type Workbench,
} from '../fakes/workbench.js';

let disk: Disk;
let bench: Workbench;
let user: User;
beforeEach(async () => {
  disk = newDisk();
  bench = await openWorkbench(disk);
  user = userOf(bench);
});
afterEach(() => bench.close());

const states = async () => [...(await companyStates(disk.events)).values()];
const idOf = async (name: string) =>
  [...(await companyStates(disk.events))].find(([, state]) => state?.name === name)![0];
const edit = async (name: string, set: object) =>
  changeCompany(bench.run, await idOf(name), (state, at) => companyDecider.decide.edit(state, { set }, at));

const CSV =
  'account,sector,founded,subsidiary of,notes\r\nAcme,tech,03/25/2017,,x\r\nBolt,medical,04/05/2017,Cora,\r\nCora,,,Acme,\r\n';

describe('an import', () => {
  it('finds columns, validates without writing, runs and tells what became of every row', async () => {
    const id = await user.upload(CSV);
    expect(await user.get(id)).toMatchObject({
      state: 'uploaded',
      bytes: CSV.length,
      columns: [
        { name: 'account', suggestedField: 'name', field: 'name' },
        { name: 'sector', field: 'sector' },
        { name: 'founded', field: 'foundedOn' },
        { name: 'subsidiary of', field: 'parent' },
        { name: 'notes', field: undefined },
      ],
      settings: { encoding: 'utf-8', separator: ',', matchBy: 'name', mode: 'upsert' },
    });
    expect(await user.go('validate', id)).toMatchObject({
      state: 'validated',
      counts: { rows: 3, processed: 3, created: 3, failed: 0 },
    });
    expect(await states()).toEqual([]);
    expect(await user.go('run', id)).toMatchObject({ state: 'done', counts: { rows: 3, processed: 3, created: 3 } });
    expect(await states()).toEqual([
      { archived: false, name: 'Acme', sector: 'tech', foundedOn: '2017-03-25' },
      { archived: false, name: 'Bolt', sector: 'medical', foundedOn: '2017-04-05', parentId: await idOf('Cora') },
      { archived: false, name: 'Cora', parentId: await idOf('Acme') },
    ]);
    expect(await user.rows(id)).toMatchObject([
      { row: 1, outcome: 'created' },
      { row: 2 },
      { row: 3, recordId: await idOf('Cora') },
    ]);
    expect(bench.troubles).toEqual([]);
  });

  it('names the import, the user behind it and the time in the world in every event', async () => {
    const { id } = await user.import(CSV);
    for await (const { metadata } of disk.events.read(`company-${TENANT}-${await idOf('Acme')}`)) {
      expect(metadata).toMatchObject({
        actor: { kind: 'import', id, onBehalfOf: 'ada' },
        correlationId: id,
        occurredAt: '2017-01-01T00:00:00.000Z',
      });
    }
  });

  it('changes nothing when the same file comes again, and only what differs when it has changed', async () => {
    await user.import(CSV);
    const before = await states();
    expect(await user.import(CSV)).toMatchObject({ counts: { created: 0, updated: 0, unchanged: 3 } });
    expect(await states()).toEqual(before);
    expect(await user.import(CSV.replace('medical', 'energy'))).toMatchObject({ counts: { updated: 1, unchanged: 2 } });
  });

  it('ends in one record where a key comes twice, and says so beforehand', async () => {
    const id = await user.upload('company,sector\nAcme,a\nAcme,b\nAcme,b\n');
    expect((await user.go('validate', id)).counts).toMatchObject({ created: 1, updated: 2 });
    expect((await user.go('run', id)).counts).toMatchObject({ created: 1, updated: 1, unchanged: 1 });
    expect(await states()).toMatchObject([{ name: 'Acme', sector: 'b' }]);
  });

  it('leaves fields of empty cells as they are', async () => {
    await user.import('company,sector\nAcme,tech\n');
    await user.import('company,sector,founded\nAcme,,2017-01-02\n');
    expect(await states()).toEqual([{ archived: false, name: 'Acme', sector: 'tech', foundedOn: '2017-01-02' }]);
  });

  it('recognises rows without a key by what they say', async () => {
    const settings = { columns: { sector: 'sector' }, mode: 'update' } as const;
    expect((await user.import('sector\ntech\n', settings)).counts).toMatchObject({ skipped: 1 });
    expect(await user.import('account,sector\n,tech\n')).toMatchObject({ counts: { failed: 1 } });
  });

  it.each([
    ['create', { skipped: 1, created: 1, updated: 0 }],
    ['update', { skipped: 1, created: 0, updated: 1 }],
  ] as const)('in mode %s leaves the others out', async (mode, counts) => {
    await user.import('company,sector\nAcme,tech\n');
    const done = await user.import('company,sector\nAcme,energy\nBolt,energy\n', { mode });
    expect(done.counts).toMatchObject(counts);
    expect(await user.rows(done.id, 'skipped')).toHaveLength(1);
  });
});

describe('rows at fault', () => {
  const BAD = [
    'company,sector,founded,subsidiary of,revenue',
    'Acme,tech,2017-01-01,,"$1,100.04"',
    ',tech,,,',
    'Bolt,tech,2017-02-30,,',
    'Cora,tech,,Akme,',
    'Dora,tech,,ac-me,12x',
    'Edda,"te',
    'ch"',
    'Finn,forbidden,,,',
    'Gaia,tech,,,,',
    'Hugo,tech,,,,surplus',
  ].join('\n');

  it('are told apart, with the column and what to do, without personal values', async () => {
    const { id, counts } = await user.import(BAD, { currency: 'USD' });
    expect(counts).toMatchObject({ rows: 9, created: 3, failed: 6 });
    const problems = (await user.rows(id, 'failed')).map(({ row, problems }) => [
      row,
      ...problems.map(({ pointer, code }) => `${pointer} ${code}`),
    ]);
    expect(problems).toEqual([
      [2, '/company required'],
      [3, '/founded bad-date'],
      [4, '/subsidiary of unknown-company'],
      [5, '/revenue not-an-amount', '/subsidiary of unknown-company'],
      [7, '/sector bad-sector'],
      [9, ' ragged-row'],
    ]);
    const all = JSON.stringify(await user.rows(id, 'failed'));
    expect(all).toContain('No company is called \\"Akme\\". Map the value or create it first.');
    expect(all).not.toContain('forbidden');
  });

  it('come back as a file that can be mended and imported again', async () => {
    const { id } = await user.import(BAD, { currency: 'USD' });
    const errors = await user.errors(id);
    const lines = errors.trimEnd().split('\r\n');
    expect(lines[0]).toBe('company,sector,founded,subsidiary of,revenue,rapport_problem');
    expect(lines[1]).toBe(',tech,,,,company: company is empty. Fill it in.');
    expect(lines[3]).toMatch(/^Cora,tech,,Akme,,"subsidiary of: No company/);
    expect(lines).toHaveLength(7);
    const mended = await user.import(errors.replace('Akme', 'Acme'), { currency: 'USD' });
    expect(mended.counts).toMatchObject({ created: 1, failed: 5 });
  });

  it('are mended by a value mapping, or by leaving unknown references empty', async () => {
    const csv = 'company,subsidiary of\nAcme,\nBolt,AcMe\n';
    await user.import('company\nAcme\n');
    const { id, counts } = await user.import(csv);
    expect(counts).toMatchObject({ failed: 1 });
    expect((await user.rows(id, 'failed'))[0]!.problems[0]!.message).toContain('did you mean "Acme"?');
    const values = [{ field: 'parent', from: 'AcMe', to: 'Acme' }];
    expect((await user.import(csv, { values })).counts).toMatchObject({ failed: 0, created: 1 });
    expect(
      (await user.import('company,subsidiary of\nCora,nobody\n', { unknownReferences: 'empty' })).counts,
    ).toMatchObject({ created: 1 });
    const strict = { unknownReferences: 'empty', required: ['parent'] } as const;
    expect((await user.import('company,subsidiary of\nDora,nobody\nEdda,\n', strict)).counts).toMatchObject({
      failed: 2,
    });
  });

  it('never get a guessed date', async () => {
    const csv = 'company,founded\nAcme,03/04/2017\n';
    const { id, counts } = await user.import(csv);
    expect(counts).toMatchObject({ failed: 1 });
    expect((await user.rows(id))[0]!.problems[0]).toMatchObject({
      code: 'ambiguous-date',
      message: expect.stringContaining('2017-03-04 or 2017-04-03'),
    });
    await user.import(csv, { dates: 'dmy' });
    expect(await states()).toMatchObject([{ foundedOn: '2017-04-03' }]);
  });
});

describe('reverting', () => {
  it('archives what was created, restores what was updated and keeps later edits', async () => {
    await user.import('company,sector,founded\nAcme,tech,2010-01-01\nBolt,tech,2010-01-01\n');
    const before = await states();
    const second = await user.import(
      'company,sector,founded\nAcme,energy,2011-01-01\nBolt,energy,2011-01-01\nCora,new,\nDora,new,\nCora,newer,\n',
    );
    expect(second.counts).toMatchObject({ updated: 3, created: 2 });
    await edit('Bolt', { sector: 'finance' });
    await edit('Dora', { sector: 'mine' });
    const reverted = await user.go('revert', second.id);
    expect(reverted).toMatchObject({ state: 'reverted', counts: { processed: 5, restored: 3, kept: 1 } });
    expect(await states()).toEqual([
      before[0],
      { ...before[1], sector: 'finance' },
      { archived: true, name: 'Cora', sector: 'newer' },
      { archived: false, name: 'Dora', sector: 'mine' },
    ]);
    expect(await user.rows(second.id, 'kept')).toMatchObject([{ row: 4, problems: [{ code: 'changed-later' }] }]);
    await expect(user.go('revert', second.id)).rejects.toMatchObject({ code: 'import-reverted' });
    const again = await user.import('company,sector\nCora,newer\n');
    expect(again.counts).toMatchObject({ updated: 1 });
    expect((await states())[2]).toMatchObject({ archived: false });
  });
});

describe('requests at the wrong time or with wrong content', () => {
  it('are refused with what to do', async () => {
    const { id } = await user.import(CSV);
    await expect(user.go('run', id)).rejects.toMatchObject({ kind: 'conflict', code: 'import-done' });
    await expect(bench.api.cancelImport({ kind: 'companies', id }, callOfAda())).rejects.toMatchObject({
      code: 'import-done',
    });
    await expect(bench.api.getImport({ kind: 'people', id }, callOfAda())).rejects.toMatchObject({
      code: 'unknown-kind',
    });
    await expect(bench.api.getImport({ kind: 'companies', id }, callOfAda('other'))).rejects.toMatchObject({
      code: 'import-not-found',
    });
    await expect(user.upload('zipped PK', { matchBy: 'sector' })).rejects.toMatchObject({ code: 'bad-settings' });
    await expect(user.upload(CSV, { columns: { account: 'nmae' } })).rejects.toMatchObject({ code: 'bad-settings' });
    expect(await user.import('company,sector\nA,b\n', { columns: { sector: 'sector' } })).toMatchObject({
      state: 'failed',
      problem: { code: 'columns-missing' },
    });
  });

  it('let another file be uploaded when one cannot be read', async () => {
    const { id } = await bench.api.createImport({ kind: 'companies', import: { fileName: 'a' } as never }, callOfAda());
    const upload = (data: Buffer, offset = 0, last = true) =>
      bench.api.uploadImportFile({ kind: 'companies', id, offset, data, last }, callOfAda());
    await expect(upload(Buffer.from([0x50, 0x4b, 3, 4]))).rejects.toMatchObject({ code: 'not-a-csv' });
    const wide = Array.from({ length: 50_000 }, (_, n) => `column ${n}`).join();
    await expect(upload(Buffer.from(wide))).rejects.toMatchObject({ code: 'too-many-columns' });
    await upload(Buffer.from('company\nAc'), 0, false);
    await expect(upload(Buffer.from('me'), 4, false)).rejects.toMatchObject({
      code: 'wrong-offset',
      message: expect.stringContaining('byte 10'),
    });
    expect(await upload(Buffer.from('me\n'), 10)).toMatchObject({ state: 'uploaded', bytes: 13 });
    expect((await user.go('run', id)).counts).toMatchObject({ created: 1 });
  });

  it('throw away what has arrived of a file that was refused', async () => {
    const { id } = await bench.api.createImport({ kind: 'companies', import: { fileName: 'a' } as never }, callOfAda());
    const upload = (piece: { data: Buffer; last?: boolean; discard?: boolean }) =>
      bench.api.uploadImportFile({ kind: 'companies', id, offset: 0, last: false, ...piece }, callOfAda());
    await upload({ data: Buffer.from('company\nAc') });
    expect(await upload({ data: Buffer.alloc(0), discard: true })).toMatchObject({ state: 'created', bytes: 0 });
    expect(await disk.files.size({ tenant: 'acme', id })).toBe(0);
    expect(await upload({ data: Buffer.from(CSV), last: true })).toMatchObject({ state: 'uploaded' });
    await expect(upload({ data: Buffer.alloc(0), discard: true })).rejects.toMatchObject({ code: 'file-complete' });
  });

  it('show a file anew under another separator', async () => {
    const id = await user.upload('company;sector,x\nAcme;tech,y\n', { separator: ',' });
    await bench.api.updateImport(
      {
        kind: 'companies',
        id,
        settings: { separator: ';', columns: {}, values: [], required: [], createMissing: [], scales: {} },
      },
      callOfAda(),
    );
    expect((await user.get(id)).columns.map(({ name }) => name)).toEqual(['company', 'sector,x']);
  });

  it('list imports, newest first, of one tenant only', async () => {
    const first = await user.import(CSV);
    const second = await user.import(CSV);
    await bench.engine.parts.imports.reach('', 0);
    const list = (tenant?: string) => bench.api.listImports({ kind: 'companies' }, callOfAda(tenant));
    expect((await list()).data.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
    expect((await list('other')).data).toEqual([]);
  });

  it('know which files have a row about a record that they did not change, also one that failed', async () => {
    const created = await user.import('company\nAcme\nBeta\n');
    const naming = async (company: string) => {
      const [row] = (await user.rows(created.id)).filter((each) => each.row === ['Acme', 'Beta'].indexOf(company) + 1);
      return bench.engine.importsNaming(TENANT, row!.recordId!, '');
    };
    expect(await naming('Acme')).toEqual([]);
    const met = await user.import('company\nAcme\n');
    const failed = await user.import('company,parent company\nAcme,Nobody\n');
    expect((await user.rows(failed.id))[0]).toMatchObject({ outcome: 'failed' });
    const tried = await user.upload('company,sector\nAcme,tech\n');
    await user.go('validate', tried);
    expect(await naming('Acme')).toEqual([met.id, failed.id, tried]);
    expect(await naming('Beta')).toEqual([]);
    await user.go('run', tried);
    await user.go('revert', tried);
    expect(await naming('Acme')).toEqual([met.id, failed.id, tried]);
  });

  it('forget a file and the people in it', async () => {
    const { id } = await user.import('company,sector\n,tech\n');
    await bench.engine.forgetFile(TENANT, id);
    await expect(user.errors(id)).rejects.toMatchObject({ code: expect.stringMatching(/file-/) });
    expect(await user.get(id)).toMatchObject({ state: 'done', counts: { failed: 1 } });
  });
});
