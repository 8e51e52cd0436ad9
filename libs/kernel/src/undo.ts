import type { Decider, Decision } from './decider.js';
import { fold, reject } from './decider.js';
import type { DomainEvent, RecordedEvent } from './event.js';
import type { ChangeUndone } from './record.js';
import { patched, sameValue } from './record.js';

export interface FieldDifference {
  readonly field: string;
  /** null where there was none. */
  readonly from: unknown;
  readonly to: unknown;
}

/** What changed between two states, field by field, in the order of the later one's fields. */
export const differences = (before: object | null, after: object | null): readonly FieldDifference[] => {
  const from = (before ?? {}) as Record<string, unknown>;
  const to = (after ?? {}) as Record<string, unknown>;
  const fields = new Set([...Object.keys(to), ...Object.keys(from)]);
  const found: FieldDifference[] = [];
  for (const field of fields) {
    if (!sameValue(from[field] ?? null, to[field] ?? null)) {
      found.push({ field, from: from[field] ?? null, to: to[field] ?? null });
    }
  }
  return found;
};

export interface UndoOrder {
  readonly eventId: string;
  /** What to do with fields that later changes have touched: refuse the whole undo, or keep them as they are. */
  readonly laterChanges: 'refuse' | 'keep';
}

/**
 * Takes one event of a history back: a new event that sets every field the old one changed to what it was before it.
 * Undoing a creation archives the record. The history stays as it is. What the aggregate's rules do not allow is refused.
 */
export const undo = <State extends object | null, E extends DomainEvent>(
  decider: Omit<Decider<State, E, object>, 'events' | 'decide'>,
  history: readonly RecordedEvent[],
  order: UndoOrder,
): Decision<DomainEvent<string, ChangeUndone<object>>> => {
  const index = history.findIndex((event) => event.id === order.eventId);
  const target = history[index];
  if (!target) {
    return reject(
      'not-found',
      'event-not-found',
      `This ${decider.aggregate} has no event ${order.eventId}.`,
      '/eventId',
    );
  }
  const events = history as unknown as readonly E[];
  const present = fold(decider, events);
  const refused = decider.final?.(present);
  if (refused) return refused;
  const now = present as Record<string, unknown> | null;
  const before = fold(decider, events.slice(0, index));
  const after = decider.evolve(before, events[index]!);
  const changed = before === null ? [{ field: 'archived', from: true, to: false }] : differences(before, after);
  const later = changed.filter(({ field, to }) => !sameValue(now?.[field] ?? null, to)).map(({ field }) => field);
  if (later.length > 0 && order.laterChanges === 'refuse') return laterChanges(later, target);
  const kept = keptWith(later, decider.together);
  const set = Object.fromEntries(
    changed.filter(({ field }) => !kept.has(field)).map(({ field, from }) => [field, from]),
  );
  if (Object.keys(set).length === 0) return [];
  const undone = patched<object>(now!, set) as NonNullable<State>;
  const { id: eventId, type, revision } = target;
  const event = { type: undoneType(decider.aggregate), data: { undone: { eventId, type, revision }, set } };
  return decider.sound?.(undone, present) ?? [event];
};

/** What was changed again later, and what says one thing with it. */
const keptWith = (later: readonly string[], together: readonly string[] = []): ReadonlySet<string> =>
  new Set(later.some((field) => together.includes(field)) ? [...later, ...together] : later);

const undoneType = (aggregate: string): string => `${aggregate[0]!.toUpperCase()}${aggregate.slice(1)}ChangeUndone`;

const laterChanges = (later: readonly string[], target: RecordedEvent): Decision<never> => {
  const fields = later.join(', ');
  return reject(
    'conflict',
    'changed-again-later',
    `${target.type} changed ${fields}, and so did a later change. Undo that one first, or pass laterChanges "keep" to leave such fields alone.`,
    '/eventId',
  );
};
