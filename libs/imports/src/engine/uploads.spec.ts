import { afterEach, describe, expect, it } from '@jest/globals';
import { fixedClock } from '@rapport/kernel';
import { callOfAda, newDisk, openWorkbench, TENANT, type User, userOf, type Workbench } from '../fakes/workbench.js';

const CSV = 'company,sector\nAcme,tech\n,energy\n';
const kind = 'companies';
/** When everything of the workbench happens. */
const THEN = '2017-06-01T00:00:00.000Z';

let bench: Workbench;
let user: User;
const open = async (options: Parameters<typeof openWorkbench>[1] = {}, disk = newDisk()) => {
  bench = await openWorkbench(disk, options);
  user = userOf(bench);
  return disk;
};
afterEach(() => bench.close());

const begun = async (): Promise<string> => {
  const settings = { columns: {}, values: [], required: [], scales: {} };
  const { id } = await bench.api.createImport({ kind, import: { fileName: 'a.csv', settings } as never }, callOfAda());
  return id;
};
const send = (id: string, piece: object) =>
  bench.api.uploadImportFile({ kind, id, offset: 0, data: Buffer.from(''), last: false, ...piece }, callOfAda());
const remove = (id: string) => bench.api.deleteImportFile({ kind, id }, callOfAda());

describe('an uploaded file', () => {
  it('is removed when somebody says so: what the import did stays, and can be taken back', async () => {
    const disk = await open();
    const { id } = await user.import(CSV);
    expect(await remove(id)).toMatchObject({ state: 'done', counts: { created: 1 } });
    expect(await remove(id)).toMatchObject({ state: 'done' });
    expect(await disk.files.size({ tenant: TENANT, id })).toBe(0);
    await expect(user.errors(id)).rejects.toMatchObject({ kind: 'gone', code: 'file-forgotten' });
    expect((await user.go('revert', id)).counts).toMatchObject({ restored: 1 });
  });

  it('is removed before it is complete, too, and begins anew', async () => {
    await open();
    const id = await begun();
    await send(id, { data: Buffer.from('company\nA') });
    await remove(id);
    expect(await send(id, { data: Buffer.from(CSV), last: true })).toMatchObject({ state: 'uploaded' });
  });
});

describe('what a tenant may keep', () => {
  it('is bounded: another file is refused until one is removed', async () => {
    await open({ uploadQuota: CSV.length, clock: fixedClock(THEN) });
    const first = await user.upload(CSV);
    await expect(user.upload(CSV)).rejects.toMatchObject({
      kind: 'too-large',
      code: 'upload-quota',
      message: expect.stringContaining('DELETE /v1/imports/{kind}/{id}/file') as unknown,
    });
    await remove(first);
    await user.upload(CSV);
  });

  it('counts what has arrived of files that go on later', async () => {
    await open({ uploadQuota: 1000, clock: fixedClock(THEN) });
    const begin = { data: Buffer.alloc(300, 'a') };
    const [one, two] = [await begun(), await begun()];
    await send(one, begin);
    await send(two, begin);
    await send(one, { ...begin, offset: 300 });
    await expect(send(two, { ...begin, offset: 300 })).rejects.toMatchObject({ code: 'upload-quota' });
  });

  it('is no more than what somebody has touched within 90 days', async () => {
    const disk = await open({ clock: fixedClock(THEN) });
    const old = await user.upload(CSV);
    await bench.close();
    await open({ clock: fixedClock('2017-08-31T00:00:00.000Z') }, disk);
    await user.upload(CSV);
    expect(await disk.files.size({ tenant: TENANT, id: old })).toBe(0);
    expect(await user.get(old)).toMatchObject({ fileName: '' });
  });
});
