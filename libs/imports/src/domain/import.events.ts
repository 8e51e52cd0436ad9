import { type DomainEvent, type EventCatalogue, type Policy, UNCHANGED } from '@rapport/kernel';
import type { ImportCounts } from './import-counts.js';
import type { FileFacts, ImportSettings } from './import-settings.js';

/** The life of one import. What became of its rows stands in a stream of its own, see {@link ImportRowsRecorded}. */
export type ImportEvent =
  | DomainEvent<
      'ImportCreated',
      { readonly kind: string; readonly fileName: string; readonly settings: ImportSettings }
    >
  | DomainEvent<'ImportFileReceived', FileFacts>
  /** With the file as it looks under a new encoding or separator, where that is what changed. */
  | DomainEvent<'ImportSettingsChanged', { readonly settings: ImportSettings; readonly file?: FileFacts }>
  | DomainEvent<'ImportValidationStarted', InTheNameOf>
  /** `keylessApart`: rows without a key are recognised in this import alone, which earlier releases did not know. */
  | DomainEvent<'ImportStarted', StartedBy & { readonly keylessApart?: true }>
  | DomainEvent<'ImportRevertStarted', StartedBy>
  /** A checkpoint: every row up to this one is done, and these are the counts so far. */
  | DomainEvent<'ImportProgressed', { readonly row: number; readonly counts: ImportCounts }>
  | DomainEvent<'ImportValidated', object>
  | DomainEvent<'ImportFinished', object>
  | DomainEvent<'ImportReverted', object>
  | DomainEvent<'ImportFailed', { readonly problem: ImportProblem }>
  | DomainEvent<'ImportCanceled', object>
  /** The key of the file and of every personal field of this import is destroyed because of this event. */
  | DomainEvent<'ImportFileForgotten', object>;

/** What whoever asked may see and do at that moment: rows do no more. Absent where that is everything of the tenant. */
export interface InTheNameOf {
  readonly policy?: Policy;
}

/** Who asked, so that every change of a record can name the user behind the import. */
export interface StartedBy extends InTheNameOf {
  readonly by: string;
}

/** Why an import as a whole could not go on. */
export interface ImportProblem {
  readonly code: string;
  readonly message: string;
}

export const importEvents: EventCatalogue<ImportEvent> = {
  ImportCreated: UNCHANGED,
  ImportFileReceived: UNCHANGED,
  ImportSettingsChanged: UNCHANGED,
  ImportValidationStarted: UNCHANGED,
  ImportStarted: UNCHANGED,
  ImportRevertStarted: UNCHANGED,
  ImportProgressed: UNCHANGED,
  ImportValidated: UNCHANGED,
  ImportFinished: UNCHANGED,
  ImportReverted: UNCHANGED,
  ImportFailed: UNCHANGED,
  ImportCanceled: UNCHANGED,
  ImportFileForgotten: UNCHANGED,
};
