import type { Decider, Policy } from '@rapport/kernel';
import { type ImportCounts, NO_ROWS } from './import-counts.js';
import { decideImport, type ImportCommands } from './import.decide.js';
import { type ImportEvent, importEvents, type StartedBy } from './import.events.js';
import type { ImportPhase } from './import-rows.events.js';
import type { FileFacts, ImportSettings } from './import-settings.js';
import type { ImportState } from './import-state.js';

const evolve = (state: ImportState | null, event: ImportEvent): ImportState | null => {
  if (event.type === 'ImportCreated') return created(event.data.kind, event.data.fileName, event.data.settings);
  return state && next(state, event);
};

const created = (kind: string, fileName: string, settings: ImportSettings): ImportState => ({
  kind,
  fileName,
  settings,
  status: 'created',
  row: 0,
  counts: NO_ROWS,
});

const next = (state: ImportState, event: ImportEvent): ImportState => {
  switch (event.type) {
    case 'ImportFileReceived':
      return received(state, event.data);
    case 'ImportSettingsChanged':
      return {
        ...state,
        settings: event.data.settings,
        ...(event.data.file ? { file: event.data.file } : {}),
        status: state.file ? 'uploaded' : 'created',
        problem: undefined,
      };
    case 'ImportValidationStarted':
      return begun(state, 'validating', NO_ROWS, event.data.policy);
    case 'ImportStarted':
      return state.phase === 'running'
        ? goesOn(state, event.data)
        : {
            ...begun(state, 'running', NO_ROWS, event.data.policy),
            ...(event.data.keylessApart ? { keylessApart: true } : {}),
            by: event.data.by,
          };
    case 'ImportRevertStarted':
      return {
        ...begun(state, 'reverting', { ...state.counts, processed: 0, restored: 0, kept: 0 }, event.data.policy),
        by: event.data.by,
      };
    case 'ImportProgressed':
      return { ...state, row: event.data.row, counts: event.data.counts };
    case 'ImportFailed':
      return { ...state, status: 'failed', problem: event.data.problem };
    case 'ImportFileForgotten':
      return forgotten(state);
    default:
      return { ...state, status: ENDS[event.type] ?? state.status };
  }
};

const ENDS: Partial<Record<ImportEvent['type'], ImportState['status']>> = {
  ImportValidated: 'validated',
  ImportFinished: 'done',
  ImportReverted: 'reverted',
  ImportCanceled: 'canceled',
};

const received = (state: ImportState, file: FileFacts): ImportState => ({ ...state, status: 'uploaded', file });

const forgotten = ({ settings, file, ...state }: ImportState): ImportState => {
  const { columns: _, values: __, ...rest } = settings;
  const facts = file && { file: withoutContent(file) };
  return { ...state, ...facts, settings: rest, fileName: '', forgotten: true };
};

const withoutContent = ({ sample: _, ...file }: FileFacts): FileFacts => ({ ...file, columns: [], suggested: {} });

const begun = (
  { policy: _, ...state }: ImportState,
  phase: ImportPhase,
  counts: ImportCounts,
  policy: Policy | undefined,
): ImportState => ({
  ...state,
  ...(policy && { policy }),
  status: phase,
  phase,
  row: 0,
  counts,
  problem: undefined,
});

/** A run that failed on the way goes on behind its last checkpoint. */
const goesOn = ({ policy: _, ...state }: ImportState, { by, policy }: StartedBy): ImportState => ({
  ...state,
  ...(policy && { policy }),
  status: 'running',
  by,
  problem: undefined,
});

/** One import, see `import.events.ts` for what can happen to it. */
export const importDecider: Decider<ImportState | null, ImportEvent, ImportCommands> = {
  aggregate: 'import',
  events: importEvents,
  initialState: null,
  evolve,
  decide: decideImport,
};
