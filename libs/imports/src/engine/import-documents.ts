import { partsOf, prefixOf } from '@rapport/event-store';
import type { Actor, RecordedEvent } from '@rapport/kernel';
import type { CollectionDeclaration, Document } from '@rapport/read-models';
import { importDecider } from '../domain/import.js';
import type { ImportEvent } from '../domain/import.events.js';
import {
  IMPORT_ROWS,
  type ImportPhase,
  type ImportRowsRecorded,
  type RowRecord,
} from '../domain/import-rows.events.js';
import type { ImportState } from '../domain/import-state.js';

/** One import, as lists show it. */
export interface ImportDocument extends Document {
  readonly kind: string;
  readonly state: ImportState;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly actor: Actor;
  /** Whose it is: the person behind that actor. */
  readonly makerId: string;
}

/** Up to {@link ROWS_PER_DOCUMENT} neighbouring rows of one import in its latest phase. */
export interface ImportRowsDocument extends Document {
  readonly importId: string;
  /** The number of the first row it may hold. */
  readonly first: number;
  readonly phase: ImportPhase;
  /** With {@link WARNED} where a row has a warning. */
  readonly outcomes: readonly string[];
  readonly rows: readonly RowRecord[];
}

export const ROWS_PER_DOCUMENT = 500;
/** What rows with a warning are listed by, beside their outcomes. */
export const WARNED = 'warned';

/** A read model as `libs/processing` takes it. */
export interface ImportProjection<D extends Document> {
  readonly declaration: CollectionDeclaration<D>;
  readonly prefixes: readonly string[];
  readonly key?: (event: RecordedEvent) => string | readonly string[] | undefined;
  readonly fold: (document: D | null, event: RecordedEvent, id: string) => D | null;
}

export const importsProjection: ImportProjection<ImportDocument> = {
  declaration: {
    name: 'imports',
    fields: { kind: 'text', createdAt: 'time', makerId: 'text' },
    indexes: [
      ['kind', 'createdAt'],
      ['kind', 'makerId', 'createdAt'],
    ],
  },
  prefixes: [prefixOf(importDecider.aggregate)],
  fold: (document, event) => foldImport(document, event),
};

const foldImport = (document: ImportDocument | null, event: RecordedEvent): ImportDocument | null => {
  const state = importDecider.evolve(document?.state ?? null, event as unknown as ImportEvent);
  const { tenant, actor, occurredAt } = event.metadata;
  if (!state) return document;
  const { id } = partsOf(event.stream);
  const makerId = actor.onBehalfOf ?? actor.id;
  const first = { id, tenant, kind: state.kind, createdAt: occurredAt, actor, makerId };
  return { ...(document ?? first), state, updatedAt: occurredAt };
};

/** The document of one import straight from its stream. */
export const importDocument = (events: readonly RecordedEvent[]): ImportDocument =>
  events.reduce<ImportDocument | null>(foldImport, null)!;

export const importRowsProjection: ImportProjection<ImportRowsDocument> = {
  declaration: {
    name: 'import_rows',
    fields: { importId: 'text', first: 'number', phase: 'text', outcomes: 'texts' },
    indexes: [['importId', 'first']],
  },
  prefixes: [prefixOf(IMPORT_ROWS)],
  key: (event) => `${partsOf(event.stream).id}-${firstOf(event)}`,
  fold: (document, event) => {
    const { phase, rows } = event.data as ImportRowsRecorded['data'];
    const earlier = document?.phase === phase ? document.rows : [];
    const merged = new Map([...earlier, ...rows].map((row) => [row.row, row]));
    const sorted = [...merged.values()].sort((a, b) => a.row - b.row);
    const { tenant } = event.metadata;
    const importId = partsOf(event.stream).id;
    const first = firstOf(event);
    const outcomes = [
      ...new Set(sorted.flatMap(({ outcome, warnings }) => (warnings ? [outcome, WARNED] : [outcome]))),
    ];
    return { id: `${importId}-${first}`, tenant, importId, first, phase, outcomes, rows: sorted };
  },
};

const firstOf = ({ data }: RecordedEvent): number => {
  const row = (data as ImportRowsRecorded['data']).rows[0]?.row ?? 1;
  return row - ((row - 1) % ROWS_PER_DOCUMENT);
};
