import { type Decide, type Decision, reject } from '@rapport/kernel';
import type { ImportCounts } from './import-counts.js';
import type { ImportEvent, ImportProblem, InTheNameOf, StartedBy } from './import.events.js';
import { type ImportState, type ImportStatus, isActive } from './import-state.js';
import type { FileFacts, ImportSettings } from './import-settings.js';

export interface ImportCommands {
  create: { readonly kind: string; readonly fileName: string; readonly settings: ImportSettings };
  receiveFile: FileFacts;
  changeSettings: { readonly settings: ImportSettings; readonly file?: FileFacts };
  validate: InTheNameOf;
  run: StartedBy;
  revert: StartedBy;
  /** A checkpoint of the phase that is on. */
  progress: { readonly row: number; readonly counts: ImportCounts };
  /** Ends the phase that is on. */
  finish: object;
  fail: { readonly problem: ImportProblem };
  cancel: object;
  forgetFile: object;
}

type Rule<C> = (state: ImportState, command: C) => Decision<ImportEvent>;

/** A rule of an import that exists. */
const existing =
  <C>(rule: Rule<C>): Decide<ImportState | null, C, ImportEvent> =>
  (state, command, { id }) =>
    state
      ? rule(state, command)
      : reject('not-found', 'import-not-found', `There is no import ${id}. Check the id, or list them.`);

const conflict = (code: string, message: string): Decision<never> => reject('conflict', code, message);

/** Rows can be tried or brought in: the file is there and no row has been written yet. */
const READY: readonly ImportStatus[] = ['uploaded', 'validated', 'failed'];

const refusal = (state: ImportState, what: string): Decision<never> => {
  const { status } = state;
  if (status === 'created')
    return conflict('no-file', `The import cannot be ${what}: its file is missing. Upload the file first.`);
  if (isActive(status)) {
    return conflict('import-busy', `The import cannot be ${what} while it is ${status}. Wait for it, or cancel it.`);
  }
  const way = status === 'done' || status === 'failed' ? 'Revert it, or create a new import' : 'Create a new import';
  return conflict(`import-${status}`, `The import cannot be ${what}: it is ${status} already. ${way}.`);
};

/** Why an import has failed whose maker was deactivated meanwhile. */
export const MAKER_DEACTIVATED = 'maker-deactivated';

const isStopped = ({ status, problem }: ImportState): boolean =>
  status === 'canceled' || (status === 'failed' && problem?.code === MAKER_DEACTIVATED);

const hasRun = ({ phase }: ImportState): boolean => phase === 'running' || phase === 'reverting';

const run: Rule<StartedBy> = (state, started) => {
  const retry = state.status === 'failed' && state.phase !== 'reverting';
  const ready = READY.includes(state.status) && state.file && (retry || !hasRun(state));
  return ready
    ? [{ type: 'ImportStarted', data: retry && hasRun(state) ? started : { ...started, keylessApart: true } }]
    : refusal(state, 'run');
};

const revert: Rule<StartedBy> = (state, started) => {
  if (isActive(state.status)) return refusal(state, 'reverted');
  if (state.status === 'reverted')
    return conflict('import-reverted', 'The import is reverted already; there is nothing left to restore.');
  if (!hasRun(state))
    return conflict('nothing-to-revert', 'The import has changed nothing yet, so there is nothing to revert.');
  return [{ type: 'ImportRevertStarted', data: started }];
};

const cancel: Rule<object> = (state) => {
  const { status } = state;
  if (status === 'canceled') return [];
  if (status === 'reverting') return conflict('import-busy', 'A revert cannot be canceled. Wait for it to end.');
  if (status === 'done' || status === 'reverted' || (status === 'failed' && hasRun(state))) {
    return conflict(
      `import-${status}`,
      `The import is ${status}, so there is nothing to cancel. Revert it to undo what it did.`,
    );
  }
  return [{ type: 'ImportCanceled', data: {} }];
};

const ENDS = { validating: 'ImportValidated', running: 'ImportFinished', reverting: 'ImportReverted' } as const;

/** Commands of the job itself mean nothing once its phase is over. */
const during =
  <C>(event: (state: ImportState, command: C) => ImportEvent): Rule<C> =>
  (state, command) =>
    isActive(state.status) ? [event(state, command)] : notActive(state);

const notActive = ({ status }: ImportState): Decision<never> =>
  conflict('import-not-active', `The import is ${status}; no work on it is going on.`);

/**
 * Rows that were in hand when the import was canceled, or stopped, still count. What is behind what is known comes from a process that
 * was thought dead while another went on in its place.
 */
const progress: Rule<ImportCommands['progress']> = (state, data) => {
  if (!isActive(state.status) && !isStopped(state)) return notActive(state);
  return data.row > state.row ? [{ type: 'ImportProgressed', data }] : [];
};

export const decideImport: {
  readonly [C in keyof ImportCommands]: Decide<ImportState | null, ImportCommands[C], ImportEvent>;
} = {
  create: (state, data) =>
    state
      ? reject('already-exists', 'import-exists', 'There is already an import with this id.')
      : [{ type: 'ImportCreated', data }],
  receiveFile: existing((state, data) =>
    state.status === 'created'
      ? [{ type: 'ImportFileReceived', data }]
      : conflict('file-complete', 'The file is complete already. Create a new import for another file.'),
  ),
  changeSettings: existing((state, data) =>
    (READY.includes(state.status) && !hasRun(state)) || state.status === 'created'
      ? [{ type: 'ImportSettingsChanged', data }]
      : refusal(state, 'changed'),
  ),
  validate: existing((state, data) =>
    READY.includes(state.status) && state.file && !hasRun(state)
      ? [{ type: 'ImportValidationStarted', data }]
      : refusal(state, 'validated'),
  ),
  run: existing(run),
  revert: existing(revert),
  progress: existing(progress),
  finish: existing(during(({ status }) => ({ type: ENDS[status as keyof typeof ENDS], data: {} }))),
  fail: existing(during((_, data) => ({ type: 'ImportFailed', data }))),
  cancel: existing(cancel),
  forgetFile: existing(({ forgotten }) => (forgotten ? [] : [{ type: 'ImportFileForgotten', data: {} }])),
};
