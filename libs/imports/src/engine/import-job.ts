import { DomainError } from '@rapport/kernel';
import { counted, type ImportCounts, NO_ROWS } from '../domain/import-counts.js';
import type { RowOutcome } from '../domain/import-rows.events.js';
import { type ImportState, isActive } from '../domain/import-state.js';
import { callOf, type StepsOutcome } from './commands.js';
import type { ImportLog } from './import-log.js';
import type { ImportParts } from './import-parts.js';
import type { DoneRows, ImportKey, Phase } from './phase.js';
import { RevertPhase } from './revert-phase.js';
import { RowsPhase } from './rows-phase.js';

const REACH_MILLISECONDS = 60_000;

/** The work on one import, from its last checkpoint to the end of the phase that is on, or until the signal aborts. */
export class ImportJob {
  /** Of the import's last event that this job knows. */
  #revision = -1;
  /** Whether nobody else has added an event since the one before. */
  #isAlone = true;

  constructor(
    private readonly parts: ImportParts,
    private readonly log: ImportLog,
    private readonly key: ImportKey,
  ) {}

  /** Never throws on behalf of the file: that ends the import as failed, and a later run goes on where it was. */
  async work(signal: AbortSignal): Promise<void> {
    const { tenant, id } = this.key;
    const { state, events } = await this.log.load(tenant, id);
    this.#revision = events.length - 1;
    if (!isActive(state.status) || signal.aborted) return;
    try {
      const ended = await this.phase(state, signal);
      if (!ended) return;
      await this.parts.rows.reach(await this.log.rowsPosition(tenant, id), REACH_MILLISECONDS);
      await this.parts.settled?.();
      await this.execute('finish', {}, state);
    } catch (error) {
      if (!signal.aborted && !isOver(error)) await this.fail(error, state);
    }
  }

  /** True when all rows are done. */
  private async phase(state: ImportState, signal: AbortSignal): Promise<boolean> {
    const phase: Phase =
      state.status === 'reverting'
        ? new RevertPhase(this.parts, this.log, this.key)
        : new RowsPhase(this.parts, this.key);
    await this.parts.caughtUp?.();
    let { counts } = state.status === 'reverting' && state.row === 0 ? await this.recounted(state) : state;
    for await (const done of phase.work(state, signal)) {
      counts = await this.checkpoint(state, done, counts);
      if (signal.aborted || !(await this.goesOn())) return false;
    }
    return !signal.aborted;
  }

  private async checkpoint(
    state: ImportState,
    { rows, outcomes }: DoneRows,
    before: ImportCounts,
  ): Promise<ImportCounts> {
    const counts = outcomes ? revertCounts(before, rows.length, outcomes) : counted(before, rows);
    await this.log.recordRows(this.key.tenant, this.key.id, state.phase!, rows);
    const { revision } = await this.execute('progress', { row: rows.at(-1)!.row, counts }, state);
    this.#isAlone = revision === this.#revision + 1;
    this.#revision = revision;
    return counts;
  }

  /** Rows in hand when the run was canceled were recorded after the counts, where another process canceled it. */
  private async recounted({ counts }: ImportState): Promise<{ readonly counts: ImportCounts }> {
    let ran = NO_ROWS;
    let last = 0;
    for await (const { phase, rows } of this.log.rows(this.key.tenant, this.key.id)) {
      if (phase !== 'running') continue;
      const fresh = rows.filter(({ row }) => row > last);
      last = fresh.at(-1)?.row ?? last;
      ran = counted(ran, fresh);
    }
    const { rows, processed } = counts;
    return { counts: { ...ran, rows: Math.max(rows, ran.rows), processed } };
  }

  /** Another process may have canceled the import, which this one learns from its events a little later. */
  private async goesOn(): Promise<boolean> {
    return this.#isAlone || isActive((await this.log.load(this.key.tenant, this.key.id)).state.status);
  }

  private async fail(error: unknown, state: ImportState): Promise<void> {
    if (!(error instanceof DomainError) || error.kind === 'internal') this.parts.trouble?.(this.key.id, error);
    const problem = error instanceof DomainError ? { code: error.code, message: error.message } : UNFORESEEN;
    try {
      await this.execute('fail', { problem }, state);
    } catch (failure) {
      // The store itself is in trouble: the import stays active and goes on after the next start.
      this.parts.trouble?.(this.key.id, failure);
    }
  }

  private execute<C extends 'progress' | 'finish' | 'fail'>(
    command: C,
    input: Parameters<typeof this.log.execute<C>>[2],
    { by }: ImportState,
  ): Promise<StepsOutcome> {
    return this.log.execute(this.key.id, command, input, callOf(this.key.tenant, this.key.id, by), this.#revision);
  }
}

/** The import was ended by somebody else: canceled, or finished by the process that took over. */
const isOver = (error: unknown): boolean => error instanceof DomainError && error.code === 'import-not-active';

const UNFORESEEN = {
  code: 'internal',
  message:
    'The import stopped because of a fault of the server, which is in its log. Run it again: it goes on where it stopped.',
};

/** The rows' own counts stay; only records that were restored or kept are added. */
const revertCounts = (counts: ImportCounts, rows: number, outcomes: readonly RowOutcome[]): ImportCounts => ({
  ...counts,
  processed: counts.processed + rows,
  restored: counts.restored + outcomes.filter((outcome) => outcome === 'restored').length,
  kept: counts.kept + outcomes.filter((outcome) => outcome === 'kept').length,
});
