import type { RowRecord } from '../domain/import-rows.events.js';
import type { ImportState } from '../domain/import-state.js';
import { concurrently } from './concurrently.js';
import type { DoneRows, ImportKey, Phase } from './phase.js';
import type { ImportLog } from './import-log.js';
import type { ImportParts } from './import-parts.js';
import type { RecordTarget } from './record-target.js';
import type { RecordRevert } from './revert-record.js';
import { kindOf } from './rows-phase.js';

const IN_FLIGHT = 100;

/** Takes back what the run did, record by record, in the order of the rows. The file is not needed any more. */
export class RevertPhase implements Phase {
  constructor(
    private readonly parts: ImportParts,
    private readonly log: ImportLog,
    private readonly key: ImportKey,
  ) {}

  async *work(state: ImportState, signal: AbortSignal): AsyncGenerator<DoneRows, void, undefined> {
    const { target } = kindOf(this.parts.kinds, state.kind);
    // Records of earlier rows: each record is taken back, and counted, once. About 100 bytes for each.
    const done = new Set<string>();
    let last = 0;
    for await (const { phase, rows } of this.log.rows(this.key.tenant, this.key.id)) {
      if (phase === 'reverting' || signal.aborted) return;
      if (phase !== 'running') continue;
      const fresh = rows.filter(({ row }) => row > last);
      if (fresh.length === 0) continue;
      last = fresh.at(-1)!.row;
      const due = fresh.map((row) => (isFirst(row, done) ? row : undefined));
      if (last > state.row) yield await this.#revert(target, fresh, due, state);
    }
  }

  async #revert(
    target: RecordTarget,
    rows: readonly RowRecord[],
    due: readonly (RowRecord | undefined)[],
    { by, policy }: ImportState,
  ): Promise<DoneRows> {
    const { tenant, id: importId } = this.key;
    const reverted = [...rows];
    const outcomes: RowRecord['outcome'][] = [];
    const items = due.flatMap((row, at) => (row ? [{ recordId: row.recordId!, at }] : []));
    await concurrently(
      items,
      IN_FLIGHT,
      ({ recordId }) => recordId,
      async ({ recordId, at }) => {
        const result = await target.revert({ tenant, importId, by, policy, recordId });
        const { outcome } = result;
        if (outcome === 'unchanged') return;
        outcomes.push(outcome);
        reverted[at] = { row: rows[at]!.row, outcome, recordId, ...keptFields(result) };
      },
    );
    return { rows: reverted, outcomes };
  }
}

const isFirst = ({ outcome, recordId }: RowRecord, done: Set<string>): boolean => {
  if ((outcome !== 'created' && outcome !== 'updated') || recordId === undefined || done.has(recordId)) return false;
  done.add(recordId);
  return true;
};

const keptFields = ({
  outcome,
  kept: fields,
  isForbidden,
}: Omit<RecordRevert, 'events'>): Pick<RowRecord, 'problems'> => {
  if (isForbidden) return { problems: [FORBIDDEN] };
  if (outcome !== 'kept' && fields.length === 0) return {};
  const what = fields.length === 0 ? 'The record was' : `${fields.join(', ')} were`;
  return { problems: [{ code: 'changed-later', message: `${what} changed after the import and left as it is now.` }] };
};

const FORBIDDEN = {
  code: 'not-permitted',
  message: 'Your roles do not let you take this back, so it stays as it is. Ask somebody who may.',
};
