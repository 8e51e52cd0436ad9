import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
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
const update = (id: string, settings: object) =>
  bench.api.updateImport(
    {
      kind: 'companies',
      id,
      settings: { columns: {}, values: [], required: [], createMissing: [], scales: {}, ...settings },
    },
    callOfAda(),
  );

describe('what people should know of a file before the run', () => {
  it('is which columns are left out', async () => {
    const id = await user.upload('company,CEO,sector,Ticker\nAcme,A,tech,ACM\n');
    const { warnings } = await user.get(id);
    expect(warnings).toEqual([{ code: 'columns-left-out', message: expect.stringContaining('CEO, Ticker') }]);
    const known = await user.upload('company,sector\nAcme,tech\n');
    expect((await user.get(known)).warnings).toEqual([]);
  });

  it('is that the encoding is a guess, and how the file reads in it, until it is given', async () => {
    const id = await user.upload(iconv.encode('company;sector\nРомашка;сельское хозяйство\n', 'windows-1251'));
    const { settings, warnings } = await user.get(id);
    expect(settings?.encoding).toBe('windows-1251');
    expect(warnings).toMatchObject([
      { code: 'encoding-guessed', message: expect.stringContaining('"Ромашка;сельское хозяйство"') },
    ]);
    await update(id, { encoding: 'cp1251' });
    expect((await user.get(id)).warnings).toEqual([]);
    await user.go('run', id);
    expect(await states()).toMatchObject([{ name: 'Ромашка', sector: 'сельское хозяйство' }]);
  });

  it('is gone with the file when that is forgotten', async () => {
    const id = await user.upload(iconv.encode('company\nМедуза\n', 'windows-1251'));
    await bench.engine.forgetFile(TENANT, id);
    expect(JSON.stringify(await user.get(id))).not.toContain('Медуза');
  });

  it('is where bytes mean nothing: only the rows that hold them are refused', async () => {
    const csv = Buffer.from('company,sector,notes\nAcmé,tech,\nBøld,te\0h,\nCöra,tech,\0\n');
    csv.forEach((byte, at) => byte === 0 && (csv[at] = 0xff));
    const at = csv.indexOf(0xff);
    const { id, counts, settings, warnings } = await user.import(csv);
    expect(settings?.encoding).toBe('utf-8');
    expect(warnings.map(({ code }) => code)).toEqual(['damaged-bytes', 'columns-left-out']);
    expect(warnings[0]!.message).toContain(`2 times, first at byte ${at},`);
    expect(counts).toMatchObject({ created: 2, failed: 1 });
    const [row] = await user.rows(id, 'failed');
    expect(row).toMatchObject({ row: 2, problems: [{ pointer: '/sector', code: 'undecodable' }] });
    expect(row!.problems[0]!.message).toContain(`line 3, byte ${at} of the file`);
    expect(await states()).toMatchObject([{ name: 'Acmé' }, { name: 'Cöra' }]);
  });

  it('cannot be read in an encoding that there is not', async () => {
    const id = await user.upload('company\nAcme\n');
    await expect(update(id, { encoding: 'utf-7' })).rejects.toMatchObject({ code: 'bad-settings' });
    await expect(user.upload('company\nAcme\n', { encoding: 'martian' })).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringContaining('WHATWG'),
    });
  });
});

describe('a row without its last cells', () => {
  it('has them empty', async () => {
    const { counts } = await user.import('company,sector,founded\nAcme,tech,2017-01-01\nBolt,tech\nCora\n');
    expect(counts).toMatchObject({ created: 3, failed: 0 });
    expect(await states()).toMatchObject([
      { foundedOn: '2017-01-01' },
      { name: 'Bolt', sector: 'tech' },
      { name: 'Cora' },
    ]);
  });
});

describe('an empty cell', () => {
  const acme = async () => (await states()).filter((state) => state?.name === 'Acme');
  const filled = 'company,sector,founded,subsidiary of\nAcme,tech,2017-01-01,Bolt\nBolt,,,\n';

  it('changes nothing unless it is told to empty the field', async () => {
    await user.import(filled);
    await user.import('company,sector,founded,subsidiary of\nAcme,,2018-01-01,\n');
    expect(await acme()).toMatchObject([{ sector: 'tech', foundedOn: '2018-01-01', parentId: expect.anything() }]);
    const cleared = await user.import('company,sector,founded\nAcme,,\n', { empty: 'clear' });
    expect(cleared.counts).toMatchObject({ updated: 1, failed: 0 });
    expect(await acme()).toEqual([{ archived: false, name: 'Acme', parentId: expect.anything() }]);
    const again = await user.import('company,sector,founded,subsidiary of\nAcme,,,\n', { empty: 'clear' });
    expect(again.counts).toMatchObject({ updated: 1 });
    expect(await acme()).toEqual([{ archived: false, name: 'Acme' }]);
  });

  it('is missing where a value is required, also where it would empty the field', async () => {
    const { id, counts } = await user.import('company,sector\nAcme,\n,tech\n', {
      empty: 'clear',
      required: ['sector'],
    });
    expect(counts).toMatchObject({ failed: 2 });
    expect((await user.rows(id)).map(({ problems }) => problems.map(({ code }) => code))).toEqual([
      ['required'],
      ['required'],
    ]);
  });
});

describe('a column of currencies', () => {
  it('is what the amount of its row is in', async () => {
    const csv = 'company,revenue,currency\nAcme,100,EUR\nBolt,100000,JPY\nCora,5,\nDora,$7,cad\n';
    expect((await user.import(csv, { currency: 'USD' })).counts).toMatchObject({ created: 4 });
    expect((await states()).map((state) => state?.revenue)).toEqual([
      { minor: 10_000, currency: 'EUR' },
      { minor: 100_000, currency: 'JPY' },
      { minor: 500, currency: 'USD' },
      { minor: 700, currency: 'CAD' },
    ]);
  });

  it('is refused where it holds none, or another than the amount', async () => {
    const csv = 'company,revenue,currency\nAcme,100,Taler\nBolt,€100,USD\nCora,1.5,JPY\n';
    const { id } = await user.import(csv, { currency: 'USD' });
    const problems = (await user.rows(id, 'failed')).map(({ problems: [first] }) => [first!.pointer, first!.code]);
    expect(problems).toEqual([
      ['/currency', 'unknown-currency'],
      ['/revenue', 'two-currencies'],
      ['/revenue', 'too-precise'],
    ]);
  });
});

describe('a row that breaks a rule of the contract', () => {
  it('is refused with what the API would say, at its column', async () => {
    const { id, counts } = await user.import(`company,sector\nAcme,${'x'.repeat(201)}\nBolt,ok\n`);
    expect(counts).toMatchObject({ created: 1, failed: 1 });
    expect((await user.rows(id, 'failed'))[0]!.problems).toEqual([
      { pointer: '/sector', code: 'too-long', message: '"sector" must have at most 200 characters.' },
    ]);
  });
});

describe('a name that several records have', () => {
  /** Two live companies "Twin", and one that is archived; ids in that order. */
  const twins = async (): Promise<string[]> => {
    const ids = ['a', 'b', 'c'].map((last) => `01940000-0000-7000-8000-00000000000${last}`);
    for (const id of ids)
      await changeCompany(bench.run, id, (state, at) => companyDecider.decide.create(state, { name: 'Twin' }, at));
    await changeCompany(bench.run, ids[2]!, (state, at) => companyDecider.decide.archive(state, {}, at));
    return ids;
  };

  it('is refused as a reference, naming those that are not archived', async () => {
    const [one, two] = await twins();
    const { id } = await user.import('company,subsidiary of\nAcme,Twin\n', { unknownReferences: 'empty' });
    const [row] = await user.rows(id, 'failed');
    expect(row).toMatchObject({ problems: [{ pointer: '/subsidiary of', code: 'ambiguous-company' }] });
    expect(row!.problems[0]!.message).toContain(`More than one company is called "Twin": ${one}, ${two}.`);
    const values = [{ field: 'parent', from: 'Twin', to: two! }];
    expect((await user.import('company,subsidiary of\nAcme,Twin\n', { values })).counts).toMatchObject({ created: 1 });
  });

  it('is refused where it is to recognise a record, naming them', async () => {
    const [one, two, three] = await twins();
    const { id } = await user.import('company,sector\nTwin,tech\n');
    const [row] = await user.rows(id, 'failed');
    expect(row).toMatchObject({ problems: [{ pointer: '/company', code: 'ambiguous-match' }] });
    expect(row!.problems[0]!.message).toContain(`More than one record has this company name: ${one}, ${two}.`);
    // An erasure of either one has to find the file.
    const end = await disk.events.end();
    for (const each of [one!, two!]) expect(await bench.engine.importsNaming(TENANT, each, end)).toEqual([id]);
    await changeCompany(bench.run, one!, (state, at) => companyDecider.decide.archive(state, {}, at));
    expect((await user.import('company,sector\nTwin,tech\n')).counts).toMatchObject({ updated: 1 });
    expect((await companyStates(disk.events)).get(two!)).toMatchObject({ sector: 'tech', archived: false });
    expect((await companyStates(disk.events)).get(three!)).toEqual({ name: 'Twin', archived: true });
  });
});

describe('columns that are called as what every object has', () => {
  it('are columns like any other', async () => {
    const id = await user.upload('company,__proto__,constructor,toString\nAcme,x,y,z\n');
    const { columns } = await user.get(id);
    expect(columns.map(({ name, field, suggestedField }) => [name, field, suggestedField])).toEqual([
      ['company', 'name', 'name'],
      ['Column 2', undefined, undefined],
      ['constructor', undefined, undefined],
      ['toString', undefined, undefined],
    ]);
    expect((await user.go('run', id)).counts).toMatchObject({ created: 1 });
  });
});

describe('a company that is to stand under itself', () => {
  it('is refused, at the column that says so', async () => {
    const { id, counts } = await user.import('company,subsidiary of\nAcme,Acme\nBolt,Acme\n');
    expect(counts).toMatchObject({ failed: 1, created: 1 });
    expect(await user.rows(id, 'failed')).toMatchObject([
      { row: 1, problems: [{ pointer: '/subsidiary of', code: 'under-itself' }] },
    ]);
  });

  it('by rows further up is refused alike, tried or run', async () => {
    const circle = await user.upload('company,subsidiary of\nAcme,Bolt\nBolt,Cora\nCora,Acme\nDice,Acme\n');
    for (const phase of ['validate', 'run'] as const) {
      expect((await user.go(phase, circle)).counts).toMatchObject({ created: 3, failed: 1 });
      expect(await user.rows(circle, 'failed')).toMatchObject([{ row: 3, problems: [{ code: 'under-itself' }] }]);
    }
  });

  it('by what is there already is refused', async () => {
    await user.import('company,key,subsidiary of\nAcme,1,\nBolt,2,Acme\nCora,3,Bolt\n', { matchBy: 'name' });
    const { id, counts } = await user.import('company,key,subsidiary of\nAcme,1,Cora\nCora,3,Acme\n');
    expect(counts).toMatchObject({ updated: 1, failed: 1 });
    expect(await user.rows(id, 'failed')).toMatchObject([{ row: 1, problems: [{ code: 'under-itself' }] }]);
  });
});
