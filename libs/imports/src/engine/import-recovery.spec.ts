import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { companyStates } from '../fakes/companies.js';
import { MortalEventStore } from '../fakes/mortal-event-store.js';
import { callOfAda, newDisk, openWorkbench, TENANT, userOf } from '../fakes/workbench.js';

// A loaded machine is no fault of ours.
jest.setTimeout(60_000);

const rowsPerCheckpoint = 4;
const NAMES = ['Acme', 'Bolt', 'Cora', 'Dora', 'Edda', 'Finn', ''];
const csvOf = (rows: readonly (readonly [string, string])[]) =>
  ['company,sector', ...rows.map((row) => row.join(',')), ''].join('\n');

const file = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom('tech', 'energy', 'forbidden')), {
    minLength: 1,
    maxLength: 14,
  })
  .map(csvOf);

/** An import run in a process that dies at an append, and in as many more as it takes. */
const runDying = async (content: string, appends: number, lastOneWritten: boolean, phase: 'run' | 'revert') => {
  const disk = newDisk();
  const quiet = userOf(await openWorkbench(disk, { rowsPerCheckpoint }));
  await quiet.import('company,sector\nAcme,old\nBolt,old\n');
  const id = await quiet.upload(content);
  if (phase === 'revert') await quiet.go('run', id);
  const mortal = new MortalEventStore(disk.events, appends, lastOneWritten);
  const bench = await openWorkbench(disk, { rowsPerCheckpoint, events: mortal });
  await userOf(bench)
    .go(phase, id)
    .catch(() => undefined);
  const next = await openWorkbench(disk, { rowsPerCheckpoint });
  await next.engine.resume();
  await next.engine.runner.settled({ tenant: TENANT, id });
  let done = await userOf(next).get(id);
  // It died before the very start was written.
  if (done.state === 'uploaded' || (phase === 'revert' && done.state === 'done'))
    done = await userOf(next).go(phase, id);
  await next.engine.parts.rows.reach('', 0);
  const rows = (await userOf(next).rows(id)).map(({ row, outcome, recordId }) => ({ row, outcome, recordId }));
  return { state: done.state, counts: done.counts, rows, records: [...(await companyStates(disk.events))].sort() };
};

describe('an import whose process dies', () => {
  it.each(['run', 'revert'] as const)('ends like one that was never interrupted: %s', async (phase) => {
    await fc.assert(
      fc.asyncProperty(
        file,
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        async (content, appends, lastOneWritten) => {
          const interrupted = await runDying(content, appends, lastOneWritten, phase);
          expect(interrupted).toEqual(await runDying(content, Infinity, false, phase));
          expect(interrupted.state).toBe(phase === 'run' ? 'done' : 'reverted');
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    ['left it as it was', ['tech', 'tech', 'energy']],
    ['left it as it was, and one that changed it back', ['tech', 'tech', 'energy', 'tech']],
    ['was refused', ['tech', 'forbidden', 'energy']],
  ])('does not write a row after a later one of its record, where it had run and %s', async (_, sectors) => {
    const content = csvOf(sectors.map((sector) => ['Acme', sector] as const));
    const whole = await runDying(content, Infinity, false, 'run');
    for (let appends = 1; appends <= 2 + sectors.length; appends += 1)
      expect(await runDying(content, appends, true, 'run')).toEqual(whole);
  });

  it('changes nothing when it is run again, whatever is in the file', async () => {
    await fc.assert(
      fc.asyncProperty(file, async (content) => {
        const disk = newDisk();
        const user = userOf(await openWorkbench(disk));
        const rows = content.trim().split('\n').slice(1);
        const first = await user.import(content);
        const before = await companyStates(disk.events);
        const second = await user.import(content);
        expect(second.counts!.created).toBe(0);
        expect(second.counts!.failed).toBe(first.counts!.failed);
        // Of rows with the same key the last one wins, so the earlier ones may change the record and change it back.
        if (new Set(rows.map((row) => row.split(',')[0])).size === rows.length) expect(second.counts!.updated).toBe(0);
        expect(await companyStates(disk.events)).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a long import', () => {
  const lines = 20_000;
  const content = [
    'company,sector,notes',
    ...Array.from({ length: lines }, (_, n) => `Company ${n},tech,${'x'.repeat(1_000)}`),
    '',
  ].join('\n');

  it('holds little of a file of 20 MB at a time, and stops after the rows in hand when it is canceled', async () => {
    const disk = newDisk();
    const bench = await openWorkbench(disk);
    const user = userOf(bench);
    const id = await user.upload(content);
    let read = 0;
    let most = 0;
    let planned = 0;
    const { files } = bench.engine.parts;
    const open = files.read.bind(files);
    files.read = async function* (...given) {
      for await (const piece of open(...given)) {
        read += piece.length;
        yield piece;
      }
    };
    const { target } = bench.engine.parts.kinds[0]!;
    const preview = target.preview.bind(target);
    target.preview = async (order) => {
      if (planned === 0) read -= content.length; // The dates were looked for in a first pass over the whole file.
      planned += 1;
      most = Math.max(most, read - planned * (content.length / lines));
      if (planned === 3_000) void bench.api.cancelImport({ kind: 'companies', id }, callOfAda());
      return preview(order);
    };
    await user.go('validate', id);
    const { state, counts } = await user.get(id);
    expect(state).toBe('canceled');
    expect(counts!.processed).toBe(planned);
    expect(planned).toBeLessThan(4_000);
    expect(most).toBeLessThan(3_000_000);
  }, 60_000);
});
