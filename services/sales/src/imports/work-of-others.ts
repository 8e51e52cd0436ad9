import { archivedByOthers, archivedSince, isByOthers, type Keep, setByOthers } from '@rapport/imports';
import type { RecordedEvent, Rejection } from '@rapport/kernel';
import type { OpportunityTarget } from '../domain/opportunity/opportunity.bring-to.js';
import type { OpportunityState } from '../domain/opportunity/opportunity.js';

/**
 * What an import may bring an opportunity to: a deal that somebody has won or lost is not opened again, nor closed in
 * another way, and one that somebody has named otherwise keeps its name. What is archived by somebody is left alone.
 */
export const besideOthers = (
  state: OpportunityState,
  target: OpportunityTarget,
  history: readonly RecordedEvent[],
  keep: Keep,
): OpportunityTarget | Rejection => {
  if (!state) return target;
  if (state.archived && archivedByOthers(history)) return archivedSince('opportunity');
  const named = withoutName(state, target, history, keep);
  return state.status !== 'open' && closedByOthers(history) ? withoutClosing(state, named, keep) : named;
};

const withoutName = (
  { name }: NonNullable<OpportunityState>,
  target: OpportunityTarget,
  history: readonly RecordedEvent[],
  keep: Keep,
): OpportunityTarget => {
  const { name: said, ...fields } = target.fields;
  if (said === undefined || said === name || !setByOthers(history, 'name')) return target;
  keep('name');
  return { ...target, fields };
};

const CLOSING = ['stage', 'closedOn', 'lostReason', 'lostNotes'] as const;

const withoutClosing = (
  state: NonNullable<OpportunityState>,
  target: OpportunityTarget,
  keep: Keep,
): OpportunityTarget => {
  const rest: Record<string, unknown> = { ...target };
  for (const field of CLOSING) {
    if (target[field] !== undefined && target[field] !== state[field]) keep(field);
    delete rest[field];
  }
  return rest as unknown as OpportunityTarget;
};

const closedByOthers = (history: readonly RecordedEvent[]): boolean => {
  const last = history.findLast(({ type, data }) => CLOSINGS.has(type) || 'status' in ((data as Undone).set ?? {}));
  return last !== undefined && isByOthers(last);
};

const CLOSINGS: ReadonlySet<string> = new Set(['OpportunityWon', 'OpportunityLost']);

interface Undone {
  readonly set?: object;
}
