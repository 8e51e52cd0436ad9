import { DomainError, idFrom } from '@rapport/kernel';
import type { RowProblem, RowRecord } from '../domain/import-rows.events.js';
import type { ImportState } from '../domain/import-state.js';
import { inBatches } from '../reading/csv-file.js';
import { numbered } from './column-numbers.js';
import { concurrently } from './concurrently.js';
import type { DoneRows, ImportKey, Phase } from './phase.js';
import type { ImportKind } from './import-kind.js';
import type { ImportParts } from './import-parts.js';
import { openRows } from './open-rows.js';
import type { MappedColumn } from './mapped-columns.js';
import type { RecordOrder } from './record-target.js';
import { type PlannedRow, problemsOf, type ReadyRow, type RefusedRow } from './row-planner.js';

const ROWS_PER_CHECKPOINT = 500;
/** Rows on their way to the store at the same time, so that many share one flush. */
const IN_FLIGHT = 100;
/** How often one and the same person may have been erased and brought in again. */
const MOST_ERASURES = 20;
const PROBLEMS_PER_ROW = 5;
const CHARACTERS_PER_PROBLEM = 400;

/** Kinds of refusal that are about the row; anything else stops the import. */
const ABOUT_THE_ROW = new Set([
  'invalid',
  'not-found',
  'already-exists',
  'conflict',
  'gone',
  'stale',
  'too-large',
  'forbidden',
]);

/** Tries the rows of the file (validating) or brings them in (running). */
export class RowsPhase implements Phase {
  constructor(
    private readonly parts: ImportParts,
    private readonly key: ImportKey,
  ) {}

  async *work(state: ImportState, signal: AbortSignal): AsyncGenerator<DoneRows, void, undefined> {
    const { kinds, rowsPerCheckpoint = ROWS_PER_CHECKPOINT } = this.parts;
    const kind = await kindFor(kinds, state.kind, this.key.tenant);
    const source = await openRows(this.parts, kind, this.key, { state, signal });
    const seen = new Set<string>();
    try {
      for await (const batch of inBatches(source.rowsAfter(state.row), rowsPerCheckpoint)) {
        if (signal.aborted) return;
        const planned = await source.planner.plan(batch);
        yield { rows: await this.#doneRows(planned, { kind, state, columns: source.columns, seen }) };
      }
    } finally {
      await source.close();
    }
  }

  async #doneRows(planned: readonly PlannedRow[], job: RowsJob): Promise<RowRecord[]> {
    const done: RowRecord[] = new Array<RowRecord>(planned.length);
    const items = planned.map((row, at) => ({ row, at }));
    const laterThan = laterRows(planned, (row) => this.#commandId(row));
    await concurrently(
      items,
      IN_FLIGHT,
      ({ row }) => keyOf(row),
      async ({ row, at }) => {
        done[at] = 'work' in row ? await this.#write(row, job, laterThan(row)) : refused(row, job.columns);
      },
    );
    return done;
  }

  #commandId(row: number): string {
    return idFrom(this.key.id, 'row', row);
  }

  async #write(
    ready: ReadyRow,
    job: RowsJob,
    isLater: RecordOrder['isLater'],
    left = MOST_ERASURES,
  ): Promise<RowRecord> {
    const { row, recordId, work, warnings, creates } = ready;
    const { tenant, id } = this.key;
    const { target } = job.kind;
    const commandId = this.#commandId(row);
    const later = isLater && { isLater };
    const { by, policy } = job.state;
    const order = { tenant, importId: id, by, policy, recordId, commandId, steps: work.steps, ...later };
    try {
      const { outcome } = job.state.status === 'running' ? await target.apply(order) : await target.preview(order);
      if (work.skipped()) return { row, outcome: 'skipped', recordId };
      const doubts = [...warnings, ...work.kept().map((field) => keptField(field, job.columns))];
      return {
        row,
        outcome: tried(outcome, recordId, job),
        recordId,
        ...(doubts.length > 0 ? { warnings: short(doubts, job.columns) } : {}),
        ...(creates.length > 0 ? { creates } : {}),
      };
    } catch (error) {
      // The person was erased, and is here again, or is out of sight: a new record, which has nothing of the old one.
      if (error instanceof DomainError && error.kind === 'gone' && left > 0)
        return this.#write({ ...ready, recordId: idFrom(recordId, 'anew') }, job, isLater, left - 1);
      if (!(error instanceof DomainError) || !ABOUT_THE_ROW.has(error.kind)) throw error;
      return refused({ row, problems: problemsOf(error, job.columns), recordId }, job.columns);
    }
  }
}

const keyOf = (row: PlannedRow): string => ('work' in row ? row.recordId : String(row.row));

/** For a row of a batch, what knows the commands of the batch's later rows of the same record; undefined for a lone row. */
const laterRows = (planned: readonly PlannedRow[], commandIdOf: (row: number) => string) => {
  const rowsOf = Map.groupBy(planned, keyOf);
  const commands = new Map<string, ReadonlyMap<string, number>>();
  for (const [key, rows] of rowsOf)
    if (rows.length > 1) commands.set(key, new Map(rows.map(({ row }) => [commandIdOf(row), row])));
  return (planned: PlannedRow): RecordOrder['isLater'] => {
    const rows = commands.get(keyOf(planned));
    return rows && ((commandId) => (rows.get(commandId) ?? -1) > planned.row);
  };
};

interface RowsJob {
  readonly kind: ImportKind;
  readonly state: ImportState;
  readonly columns: readonly MappedColumn[];
  /** Records that a trial would have created; about 100 bytes for each. */
  readonly seen: Set<string>;
}

/** A trial leaves nothing behind: the second row of a record that the first would create would update it. */
const tried = (
  outcome: 'created' | 'updated' | 'unchanged',
  recordId: string,
  { state, seen }: RowsJob,
): RowRecord['outcome'] => {
  if (state.status === 'running' || outcome !== 'created') return outcome;
  if (seen.has(recordId)) return 'updated';
  seen.add(recordId);
  return outcome;
};

const refused = ({ row, problems, recordId, alsoAbout }: RefusedRow, columns: readonly MappedColumn[]): RowRecord => ({
  row,
  outcome: 'failed',
  ...(recordId === undefined ? {} : { recordId }),
  ...(alsoAbout ? { alsoAbout } : {}),
  problems: short(problems, columns),
});

/** As they are stored. */
const short = (problems: readonly RowProblem[], columns: readonly MappedColumn[]): readonly RowProblem[] =>
  problems
    .slice(0, PROBLEMS_PER_ROW)
    .map((problem) => numbered(problem, columns))
    .map((problem) => ({ ...problem, message: problem.message.slice(0, CHARACTERS_PER_PROBLEM) }));

const keptField = (name: string, columns: readonly MappedColumn[]): RowProblem => {
  const message =
    'Somebody has changed this since, so the import leaves it as it is. Change it by hand if it is wrong.';
  return { column: columns.find(({ field }) => field.name === name)?.column ?? name, code: 'changed-since', message };
};

export const kindOf = (kinds: readonly ImportKind[], name: string): ImportKind => {
  const kind = kinds.find((candidate) => candidate.kind === name);
  if (kind) return kind;
  const known = kinds.map((candidate) => candidate.kind).join(', ');
  throw new DomainError('not-found', 'unknown-kind', `There are no imports of "${name}" here; there are of ${known}.`);
};

/** A kind with what a tenant has added to its records. */
export const kindFor = async (kinds: readonly ImportKind[], name: string, tenant: string): Promise<ImportKind> => {
  const kind = kindOf(kinds, name);
  return { ...kind, ...(await kind.custom?.(tenant)) };
};
