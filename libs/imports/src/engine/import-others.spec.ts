import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { changeCompany, companyDecider, companyStates } from '../fakes/companies.js';
import { type Disk, newDisk, openWorkbench, type User, userOf, type Workbench } from '../fakes/workbench.js';

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
const onlyId = async () => [...(await companyStates(disk.events)).keys()][0]!;
const { edit, archive } = companyDecider.decide;

describe('a row without a key', () => {
  const csv = 'key,company,sector\n,Acme,tech\n';

  it('is another record in another import, and told to look like the first', async () => {
    const first = await user.import(csv);
    expect(first.counts).toMatchObject({ created: 1, warned: 0 });
    const id = await user.upload(csv);
    expect((await user.go('validate', id)).counts).toMatchObject({ created: 1, warned: 1 });
    expect((await user.go('run', id)).counts).toMatchObject({ created: 1, warned: 1 });
    expect(await states()).toHaveLength(2);
    const [row] = await user.rows(id, 'warned');
    expect(row).toMatchObject({ row: 1, outcome: 'created', problems: [], warnings: [{ code: 'possible-duplicate' }] });
    expect(row!.warnings[0]!.message).toContain((await user.rows(first.id))[0]!.recordId);
  });

  it('is refused or taken without a word, where the settings say so', async () => {
    await user.import(csv);
    const refused = await user.import(csv, { possibleDuplicates: 'refuse' });
    expect(refused.counts).toMatchObject({ failed: 1 });
    expect((await user.rows(refused.id))[0]!.problems).toMatchObject([{ pointer: '', code: 'possible-duplicate' }]);
    expect((await user.import(csv, { possibleDuplicates: 'create' })).counts).toMatchObject({ created: 1, warned: 0 });
  });

  it('is one record with its equals in the same import, which it is not told to look like', async () => {
    const { counts } = await user.import(`${csv},Acme,tech\n,Acme,energy\n`);
    expect(counts).toMatchObject({ created: 2, unchanged: 1, warned: 0 });
    await bench.close();
    bench = await openWorkbench(disk, { rowsPerCheckpoint: 1 });
    user = userOf(bench);
    expect((await user.import('key,company,sector\n,Bolt,a\n,Bolt,b\n,Bolt,c\n')).counts).toMatchObject({
      created: 3,
      warned: 0,
    });
  });

  it('changes nothing that somebody has changed since', async () => {
    await user.import(csv);
    await changeCompany(bench.run, await onlyId(), (state, at) => edit(state, { set: { sector: 'energy' } }, at));
    await user.import(csv);
    expect(await states()).toMatchObject([{ sector: 'energy' }, { sector: 'tech' }]);
  });
});

describe('what somebody has done since', () => {
  const csv = 'key,company,sector\nk1,Acme,tech\n';

  it('stays: a name', async () => {
    await user.import(csv);
    await changeCompany(bench.run, await onlyId(), (state, at) => edit(state, { set: { name: 'Acme Ltd' } }, at));
    const { id, counts } = await user.import(csv.replace('tech', 'energy'));
    expect(counts).toMatchObject({ updated: 1, warned: 1 });
    expect(await states()).toMatchObject([{ name: 'Acme Ltd', sector: 'energy' }]);
    expect((await user.rows(id, 'warned'))[0]!.warnings).toMatchObject([
      { pointer: '/company', code: 'changed-since' },
    ]);
    expect((await user.import(csv.replace('Acme', 'Acme Ltd'))).counts).toMatchObject({ updated: 1, warned: 0 });
  });

  it('stays: the archive, and the row says so', async () => {
    await user.import(csv);
    await changeCompany(bench.run, await onlyId(), (state, at) => archive(state, {}, at));
    const { id, counts } = await user.import(csv);
    expect(counts).toMatchObject({ failed: 1 });
    expect((await user.rows(id))[0]!.problems).toMatchObject([{ pointer: '', code: 'archived-since' }]);
    expect(await states()).toMatchObject([{ archived: true }]);
  });

  it('is not what an import did: that is renamed and brought back by another', async () => {
    const { id } = await user.import(csv);
    await user.go('revert', id);
    expect((await user.import(csv.replace('Acme', 'Bolt'))).counts).toMatchObject({ updated: 1, warned: 0 });
    expect(await states()).toMatchObject([{ name: 'Bolt', archived: false }]);
  });
});

describe('where the columns of a file name people, because it has no header', () => {
  it('what became of its rows does not', async () => {
    const columns = { 'Ada Lovelace': 'name', '1815-12-10': 'foundedOn' };
    const { id } = await user.import('Ada Lovelace,1815-12-10\nCharles Babbage,soon\n', { columns });
    expect((await user.rows(id))[0]!.problems).toMatchObject([{ pointer: '/1815-12-10', code: 'bad-date' }]);
    const stored: string[] = [];
    for await (const event of disk.events.read(`importRows-acme-${id}`)) stored.push(JSON.stringify(event.data));
    expect(stored.join()).toContain('bad-date');
    expect(stored.join()).not.toMatch(/Lovelace|1815/);
  });
});

describe('a key that a spreadsheet has shortened', () => {
  const csv = 'key,company\n1.23457E+12,Acme\n1.23457E+12,Bolt\n4E5,Cora\n';

  it('recognises no record, because it may stand for many', async () => {
    const { id, counts } = await user.import(csv);
    expect(counts).toMatchObject({ created: 1, failed: 2 });
    const problems = (await user.rows(id, 'failed')).map((row) => row.problems[0]);
    expect(problems).toMatchObject([
      { pointer: '/key', code: 'shortened-key' },
      { pointer: '/key', code: 'shortened-key' },
    ]);
  });

  it('is told of where another field recognises them', async () => {
    const { id, counts } = await user.import(csv, { matchBy: 'name' });
    expect(counts).toMatchObject({ created: 3, warned: 2 });
    const [row] = await user.rows(id, 'warned');
    expect(row!.warnings).toMatchObject([{ pointer: '/key', code: 'shortened-number' }]);
  });
});
