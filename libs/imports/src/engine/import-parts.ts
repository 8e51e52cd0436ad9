import type { EventStore } from '@rapport/event-store';
import type { SealedFileStore } from '@rapport/files';
import type { Clock, Position, TimeZone } from '@rapport/kernel';
import type { Ownership } from '@rapport/processing';
import type { Document, Documents } from '@rapport/read-models';
import type { RunSteps } from './commands.js';
import type { ImportDocument, ImportRowsDocument } from './import-documents.js';
import type { ImportMentions } from './import-mentions.js';
import type { ImportKind } from './import-kind.js';

/** All that imports need of a service. */
export interface ImportParts {
  readonly kinds: readonly ImportKind[];
  readonly files: SealedFileStore;
  readonly events: EventStore;
  readonly run: RunSteps;
  /** Kept up to date from `importsProjection` and `importRowsProjection`. */
  readonly imports: LiveDocuments<ImportDocument>;
  readonly rows: LiveDocuments<ImportRowsDocument>;
  /** From `importMentionsProjection`. */
  readonly mentions: LiveDocuments<ImportMentions>;
  /** Resolves once the read models behind the kinds' lookups know what has been written so far. */
  readonly caughtUp?: () => Promise<void>;
  /** Resolves once readers see, and other services can know, what has been written so far. An import is not done before. */
  readonly settled?: () => Promise<void>;
  /** A tenant's secret, always the same, that ids of imported records are made with. */
  readonly secret: (tenant: string) => Promise<Buffer>;
  /** What is meant in a tenant's files where nobody says it. */
  readonly habits?: (tenant: string) => Habits;
  /** Which of the service's processes works on imports; this one alone when left out. */
  readonly ownership?: Ownership;
  readonly clock?: Clock;
  /** Rows between two checkpoints. Default 500. */
  readonly rowsPerCheckpoint?: number;
  /** Bytes of uploaded files that a tenant may keep. Default 20 GiB. */
  readonly uploadQuota?: number;
  /** Told of failures that are nobody's input: for the log. */
  readonly trouble?: (importId: string, failure: unknown) => void;
}

/** UTC and no currency when left out. */
export interface Habits {
  readonly zone?: TimeZone;
  readonly currency?: string;
}

/** A read model and how to wait for it; `LiveProjection` of libs/processing is one. */
export interface LiveDocuments<D extends Document> {
  readonly documents: Documents<D>;
  reach(position: Position, milliseconds: number): Promise<void>;
}
