import { describe, expect, it } from '@jest/globals';
import { type DomainEvent, fold, isRejection } from '@rapport/kernel';
import { counted, NO_ROWS } from './import-counts.js';
import { importDecider } from './import.js';
import type { ImportCommands } from './import.decide.js';
import type { ImportEvent } from './import.events.js';

const file = { bytes: 10, encoding: 'utf-8', separator: ',', columns: ['name'], suggested: { name: 'name' } };
const by = { by: 'ada' };
const counts = { ...NO_ROWS, rows: 3, processed: 3, created: 3 };

const created: ImportEvent = { type: 'ImportCreated', data: { kind: 'accounts', fileName: 'a.csv', settings: {} } };
const received: ImportEvent = { type: 'ImportFileReceived', data: file };
const started: ImportEvent = { type: 'ImportStarted', data: by };
const progressed: ImportEvent = { type: 'ImportProgressed', data: { row: 3, counts } };
const failed: ImportEvent = {
  type: 'ImportFailed',
  data: { problem: { code: 'storage-full', message: 'No space left.' } },
};
const of = (type: ImportEvent['type'], data: object = {}): ImportEvent => ({ type, data }) as ImportEvent;

const HISTORIES: Record<string, readonly ImportEvent[]> = {
  nothing: [],
  created: [created],
  uploaded: [created, received],
  validating: [created, received, of('ImportValidationStarted')],
  validated: [created, received, of('ImportValidationStarted'), of('ImportValidated')],
  'failed validation': [created, received, of('ImportValidationStarted'), failed],
  running: [created, received, started],
  done: [created, received, started, progressed, of('ImportFinished')],
  'failed run': [created, received, started, progressed, failed],
  canceled: [created, received, started, progressed, of('ImportCanceled')],
  'canceled before': [created, received, of('ImportCanceled')],
  reverting: [created, received, started, progressed, of('ImportFinished'), of('ImportRevertStarted', by)],
  'failed revert': [created, received, started, of('ImportFinished'), of('ImportRevertStarted', by), failed],
  reverted: [created, received, started, of('ImportFinished'), of('ImportRevertStarted', by), of('ImportReverted')],
};

const COMMANDS: ImportCommands = {
  create: { kind: 'accounts', fileName: 'a.csv', settings: {} },
  receiveFile: file,
  changeSettings: { settings: { mode: 'create' } },
  validate: {},
  run: by,
  revert: by,
  progress: { row: 4, counts },
  finish: {},
  fail: { problem: { code: 'x', message: 'y' } },
  cancel: {},
  forgetFile: {},
};

const outcome = (history: string, command: keyof ImportCommands): string => {
  const state = fold(importDecider, HISTORIES[history]!);
  const decide = importDecider.decide[command] as (s: unknown, c: unknown, at: unknown) => readonly DomainEvent[];
  const decision = decide(state, COMMANDS[command], { at: '2017-01-01T00:00:00.000Z', id: 'i' });
  return isRejection(decision) ? decision.code : decision.map(({ type }) => type).join();
};

describe('an import', () => {
  it.each`
    given                  | changeSettings             | validate                     | run                   | revert                   | cancel
    ${'nothing'}           | ${'import-not-found'}      | ${'import-not-found'}        | ${'import-not-found'} | ${'import-not-found'}    | ${'import-not-found'}
    ${'created'}           | ${'ImportSettingsChanged'} | ${'no-file'}                 | ${'no-file'}          | ${'nothing-to-revert'}   | ${'ImportCanceled'}
    ${'uploaded'}          | ${'ImportSettingsChanged'} | ${'ImportValidationStarted'} | ${'ImportStarted'}    | ${'nothing-to-revert'}   | ${'ImportCanceled'}
    ${'validating'}        | ${'import-busy'}           | ${'import-busy'}             | ${'import-busy'}      | ${'import-busy'}         | ${'ImportCanceled'}
    ${'validated'}         | ${'ImportSettingsChanged'} | ${'ImportValidationStarted'} | ${'ImportStarted'}    | ${'nothing-to-revert'}   | ${'ImportCanceled'}
    ${'failed validation'} | ${'ImportSettingsChanged'} | ${'ImportValidationStarted'} | ${'ImportStarted'}    | ${'nothing-to-revert'}   | ${'ImportCanceled'}
    ${'running'}           | ${'import-busy'}           | ${'import-busy'}             | ${'import-busy'}      | ${'import-busy'}         | ${'ImportCanceled'}
    ${'done'}              | ${'import-done'}           | ${'import-done'}             | ${'import-done'}      | ${'ImportRevertStarted'} | ${'import-done'}
    ${'failed run'}        | ${'import-failed'}         | ${'import-failed'}           | ${'ImportStarted'}    | ${'ImportRevertStarted'} | ${'import-failed'}
    ${'canceled'}          | ${'import-canceled'}       | ${'import-canceled'}         | ${'import-canceled'}  | ${'ImportRevertStarted'} | ${''}
    ${'canceled before'}   | ${'import-canceled'}       | ${'import-canceled'}         | ${'import-canceled'}  | ${'nothing-to-revert'}   | ${''}
    ${'reverting'}         | ${'import-busy'}           | ${'import-busy'}             | ${'import-busy'}      | ${'import-busy'}         | ${'import-busy'}
    ${'failed revert'}     | ${'import-failed'}         | ${'import-failed'}           | ${'import-failed'}    | ${'ImportRevertStarted'} | ${'import-failed'}
    ${'reverted'}          | ${'import-reverted'}       | ${'import-reverted'}         | ${'import-reverted'}  | ${'import-reverted'}     | ${'import-reverted'}
  `(
    '$given: settings $changeSettings, validate $validate, run $run, revert $revert, cancel $cancel',
    (row: Record<string, string>) => {
      for (const command of ['changeSettings', 'validate', 'run', 'revert', 'cancel'] as const) {
        expect([command, outcome(row['given']!, command)]).toEqual([command, row[command]]);
      }
    },
  );

  it('takes its file once', () => {
    expect(outcome('created', 'receiveFile')).toBe('ImportFileReceived');
    expect(outcome('uploaded', 'receiveFile')).toBe('file-complete');
    expect(outcome('uploaded', 'create')).toBe('import-exists');
  });

  it.each([
    ['validating', 'ImportValidated'],
    ['running', 'ImportFinished'],
    ['reverting', 'ImportReverted'],
    ['canceled', 'import-not-active'],
  ])('ends %s with %s', (given, expected) => {
    expect(outcome(given, 'finish')).toBe(expected);
    const going = expected.startsWith('Import');
    expect(outcome(given, 'fail')).toBe(going ? 'ImportFailed' : 'import-not-active');
  });

  it.each([
    ['running', 4, 'ImportProgressed'],
    ['canceled', 4, 'ImportProgressed'],
    ['canceled', 3, ''],
    ['done', 4, 'import-not-active'],
  ])('%s takes note of row %s: %s', (given, row, expected) => {
    const state = fold(importDecider, HISTORIES[given]!);
    const decision = importDecider.decide.progress(state, { row, counts }, { at: '2017-01-01T00:00:00.000Z', id: 'i' });
    expect(isRejection(decision) ? decision.code : decision.map(({ type }) => type).join()).toBe(expected);
    expect(fold(importDecider, [...HISTORIES[given]!, progressed])!.status).toBe(state!.status);
  });

  it('goes on behind its last checkpoint when a failed run is run again', () => {
    const state = fold(importDecider, [...HISTORIES['failed run']!, started]);
    expect(state).toMatchObject({ status: 'running', row: 3, counts, problem: undefined });
  });

  it('forgets its file once, with all that came out of it, and stays what it is', () => {
    const state = fold(importDecider, [...HISTORIES['done']!, of('ImportFileForgotten')]);
    expect(state).toMatchObject({
      status: 'done',
      fileName: '',
      file: { columns: [], suggested: {} },
      forgotten: true,
    });
    expect(outcome('done', 'forgetFile')).toBe('ImportFileForgotten');
    expect(importDecider.decide.forgetFile(state, {}, { at: '2017-01-01T00:00:00.000Z', id: 'i' })).toEqual([]);
  });

  it('recognises rows without a key in itself alone, but as before where an earlier release began the run', () => {
    const run = (history: string) => {
      const state = fold(importDecider, HISTORIES[history]!);
      const decision = importDecider.decide.run(state, by, { at: '', id: '' });
      if (isRejection(decision)) throw new Error(decision.message);
      return decision.reduce(importDecider.evolve, state);
    };
    expect(run('uploaded')).toMatchObject({ keylessApart: true });
    expect(run('failed run')).not.toHaveProperty('keylessApart');
  });

  it('counts outcomes', () => {
    const after = counted(counts, [
      { outcome: 'created' },
      { outcome: 'failed' },
      { outcome: 'unchanged', warnings: [] },
    ]);
    expect(after).toEqual({ ...counts, rows: 6, processed: 6, created: 4, failed: 1, unchanged: 1, warned: 1 });
  });
});
