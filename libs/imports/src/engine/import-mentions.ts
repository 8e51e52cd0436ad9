import { partsOf, prefixOf } from '@rapport/event-store';
import type { Document } from '@rapport/read-models';
import {
  IMPORT_ROWS,
  type ImportPhase,
  type ImportRowsRecorded,
  type RowRecord,
} from '../domain/import-rows.events.js';
import type { ImportProjection } from './import-documents.js';

/** The imports whose file has a row about a record, and whose rows left no trace in the record's own history. */
export interface ImportMentions extends Document {
  readonly imports: readonly string[];
}

/**
 * Finds the files that name a person, for an erasure. Rows that changed the record are not in it: the record's events say
 * which imports those were, and a large import costs nothing here.
 */
export const importMentionsProjection: ImportProjection<ImportMentions> = {
  declaration: { name: 'import_mentions', fields: {}, indexes: [] },
  prefixes: [prefixOf(IMPORT_ROWS)],
  key: (event) => {
    const { phase, rows } = event.data as ImportRowsRecorded['data'];
    const ids = rows.flatMap((row) =>
      row.recordId === undefined || leftTrace(phase, row) ? [] : [row.recordId, ...(row.alsoAbout ?? [])],
    );
    return [...new Set(ids)];
  },
  fold: (document, { stream, metadata: { tenant } }, id) => {
    const importId = partsOf(stream).id;
    if (document?.imports.includes(importId)) return document;
    return { id, tenant, imports: [...(document?.imports ?? []), importId] };
  },
};

const leftTrace = (phase: ImportPhase, { outcome }: RowRecord): boolean =>
  phase !== 'validating' && (outcome === 'created' || outcome === 'updated' || outcome === 'restored');
