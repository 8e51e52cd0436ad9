import { DomainError } from '@rapport/kernel';
import { and, type Documents, type Filter, type Scope, where } from '@rapport/read-models';
import type { RowRecord } from '../domain/import-rows.events.js';
import { type ImportDocument, type ImportRowsDocument, ROWS_PER_DOCUMENT, WARNED } from '../engine/import-documents.js';

/** Outcomes that a list may be narrowed to. */
const OUTCOMES = ['created', 'updated', 'unchanged', 'skipped', 'failed', 'restored', 'kept', WARNED];

/** Each holds many rows. */
const DOCUMENTS_AT_ONCE = 4;

/** The rows of an import's latest phase behind a row, in the file's order; read page by page as they are asked for. */
export async function* rowsBehind(
  rows: Documents<ImportRowsDocument>,
  scope: Scope,
  { id, state }: ImportDocument,
  behind: number,
  outcome?: string,
): AsyncGenerator<RowRecord, void, undefined> {
  if (!state.phase) return;
  let cursor: string | undefined;
  do {
    const filter = filterOf(id, state.phase, behind, outcome);
    const page = await rows.query(scope, {
      filter,
      sort: [{ field: 'first' }],
      limit: DOCUMENTS_AT_ONCE,
      ...(cursor ? { cursor } : {}),
    });
    for (const document of page.documents) {
      for (const row of document.rows) if (row.row > behind && isAmong(row, outcome)) yield row;
    }
    cursor = page.next;
  } while (cursor !== undefined);
}

const isAmong = (row: RowRecord, outcome: string | undefined): boolean =>
  !outcome || (outcome === WARNED ? row.warnings !== undefined : row.outcome === outcome);

const filterOf = (importId: string, phase: string, behind: number, outcome: string | undefined): Filter =>
  and(
    where('importId', '=', importId),
    where('phase', '=', phase),
    where('first', '>', behind - ROWS_PER_DOCUMENT),
    ...(outcome === undefined ? [] : [where('outcomes', 'has', outcome)]),
  );

/** @throws DomainError `bad-outcome` */
export const checkOutcome = (outcome: string | undefined): void => {
  if (outcome === undefined || OUTCOMES.includes(outcome)) return;
  throw new DomainError(
    'invalid',
    'bad-outcome',
    `"${outcome}" is no outcome of a row; there are ${OUTCOMES.join(', ')}.`,
  );
};

export const cursorOf = (row: number): string => `row-${row}`;

/** The row behind which a list goes on. @throws DomainError `bad-cursor` */
export const rowOf = (cursor: string | undefined): number => {
  if (!cursor) return 0;
  const match = /^row-(\d{1,12})$/.exec(cursor);
  if (match) return Number(match[1]);
  throw badCursor();
};

export const badCursor = (): DomainError =>
  new DomainError('invalid', 'bad-cursor', 'This is no cursor of this list. Send the one that the previous page gave.');
