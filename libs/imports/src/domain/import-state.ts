import type { Policy } from '@rapport/kernel';
import type { ImportCounts } from './import-counts.js';
import type { ImportProblem } from './import.events.js';
import type { ImportPhase } from './import-rows.events.js';
import type { FileFacts, ImportSettings } from './import-settings.js';

export type ImportStatus =
  | 'created'
  | 'uploaded'
  | 'validating'
  | 'validated'
  | 'running'
  | 'done'
  | 'failed'
  | 'canceled'
  | 'reverting'
  | 'reverted';

export interface ImportState {
  readonly kind: string;
  readonly fileName: string;
  readonly status: ImportStatus;
  readonly settings: ImportSettings;
  readonly file?: FileFacts;
  /** The phase that is on, or was the last one. */
  readonly phase?: ImportPhase;
  /** The phase's checkpoint: rows up to this one are done. */
  readonly row: number;
  readonly counts: ImportCounts;
  /** Rows without a key are recognised in this import alone; absent where an earlier release began the run. */
  readonly keylessApart?: true;
  /** The user who started the run or the revert. */
  readonly by?: string;
  /** What the phase that is on, or was the last one, may see and do; absent where that is everything of the tenant. */
  readonly policy?: Policy;
  readonly problem?: ImportProblem | undefined;
  /** The file is gone for good, and with it its name, its columns and the values that were mapped. */
  readonly forgotten?: true;
}

export const isActive = (status: ImportStatus): status is ImportPhase =>
  status === 'validating' || status === 'running' || status === 'reverting';
