import { differences, type DomainEvent, fold, isRejection, type RecordedEvent, undo } from '@rapport/kernel';
import type { AnyDecider } from './commands.js';

export interface RecordRevert {
  /** `kept`: somebody changed it later, so it stays; `unchanged`: the import has not touched it. Repeated: as the first time. */
  readonly outcome: 'restored' | 'kept' | 'unchanged';
  readonly events: readonly DomainEvent[];
  /** Fields of a restored record that stay because they were changed later. */
  readonly kept: readonly string[];
  /** Whoever takes it back may not. */
  readonly isForbidden?: true;
}

/** Of a record that is out of sight, or not for whoever takes the import back to change: both alike. */
export const refusedRevert = (): RecordRevert => ({ outcome: 'kept', events: [], kept: [], isForbidden: true });

const nothingToDo = (outcome: RecordRevert['outcome']): RecordRevert => ({ outcome, events: [], kept: [] });

/**
 * Takes back what one import did to one record. A record that it created is archived, unless something else has changed it
 * since; of an updated one every field gets its earlier value back, unless it was changed again later. Pure.
 */
export const revertRecord = (
  decider: AnyDecider,
  history: readonly RecordedEvent[],
  importId: string,
): RecordRevert => {
  const own = history.filter(({ metadata: { actor } }) => actor.kind === 'import' && actor.id === importId);
  if (own.some(isUndo)) return nothingToDo('restored');
  if (own.length === 0) return nothingToDo('unchanged');
  return own[0] === history[0] ? revertCreation(decider, history, own) : revertUpdates(decider, history, own);
};

const isUndo = ({ data }: RecordedEvent): boolean => 'undone' in data;

const revertCreation = (
  decider: AnyDecider,
  history: readonly RecordedEvent[],
  mine: readonly RecordedEvent[],
): RecordRevert => {
  const since = history.slice(mine.at(-1)!.revision + 1);
  if (since.some((event) => changedBy(decider, history, event).length > 0)) return nothingToDo('kept');
  const events = undo(decider, history, { eventId: mine[0]!.id, laterChanges: 'keep' });
  return isRejection(events) ? nothingToDo('kept') : { outcome: 'restored', events, kept: [] };
};

/** Newest first, each on the history that the one before has left. */
const revertUpdates = (
  decider: AnyDecider,
  history: readonly RecordedEvent[],
  mine: readonly RecordedEvent[],
): RecordRevert => {
  const now = [...history];
  const events: DomainEvent[] = [];
  const kept = new Set<string>();
  for (const event of mine.toReversed()) {
    const decision = undo(decider, now, { eventId: event.id, laterChanges: 'keep' });
    // What the aggregate's rules do not allow stays too.
    const restored = isRejection(decision) ? {} : (decision[0]?.data.set ?? {});
    for (const field of changedBy(decider, history, event)) if (!(field in restored)) kept.add(field);
    for (const undone of isRejection(decision) ? [] : decision) {
      events.push(undone);
      now.push({ ...event, ...undone, id: '', revision: now.length });
    }
  }
  return { outcome: events.length > 0 ? 'restored' : 'kept', events, kept: [...kept] };
};

const changedBy = (decider: AnyDecider, history: readonly RecordedEvent[], event: RecordedEvent): readonly string[] => {
  const before = fold<object | null, DomainEvent>(decider, history.slice(0, event.revision));
  return differences(before, decider.evolve(before, event)).map(({ field }) => field);
};
