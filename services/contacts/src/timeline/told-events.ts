import type { RecordedEvent } from '@rapport/kernel';
import { isHidden, type Scope, shown } from '@rapport/read-models';

/** What an event set: a field, and the value that it got; null where it was emptied. */
export interface Change {
  readonly field: string;
  readonly to: unknown;
}

/** Fields that events call otherwise than records do. */
const ALSO_CALLED: Readonly<Record<string, string>> = { reason: 'lostReason', notes: 'lostNotes' };

/** What an event says of itself, and not of the record. */
const OF_ITSELF: ReadonlySet<string> = new Set([
  ...['cleared', 'undone', 'undoneEventId', 'undoneType', 'receiptId', 'furtherIds', 'rectification', 'stageEnteredAt'],
  ...['taken', 'kept', 'choices', 'relations'],
]);

/**
 * What an event set that a reader sees; undefined where it did nothing else than what is hidden from them. That a record came to be
 * is told without what it said then.
 */
export const changesSeen = (scope: Scope, event: RecordedEvent): readonly Change[] | undefined => {
  const all = changesIn(event);
  const seen = all.flatMap(({ field, to }): Change[] =>
    isHidden(scope, field) ? [] : [{ field, to: shown(scope, { [field]: to })[field] ?? null }],
  );
  return all.length > 0 && seen.length === 0 ? undefined : seen;
};

const changesIn = ({ type, data }: RecordedEvent): readonly Change[] => {
  if (type.endsWith('Created') || type === 'ConsentRecorded') return [];
  const { set, cleared = [], ...rest } = data as { set?: object; cleared?: readonly string[] };
  const said = Object.entries({ ...rest, ...set })
    .filter(([field]) => !OF_ITSELF.has(field))
    .map(([field, to]: [string, unknown]): Change => ({ field: ALSO_CALLED[field] ?? field, to }));
  return [...said, ...cleared.map((field) => ({ field, to: null }))];
};
