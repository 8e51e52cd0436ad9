import type { RecordedEvent } from '@rapport/kernel';

type Data = Readonly<Record<string, unknown>> & { readonly set?: Readonly<Record<string, unknown>> };

/** Whether the last that made a field what it is was somebody's change, and neither an import nor the record's creation. */
export const setByOthers = (history: readonly RecordedEvent[], field: string): boolean => {
  const last = history.findLastIndex(({ data }) => field in ((data as Data).set ?? data));
  return last > 0 && isByOthers(history[last]!);
};

/** Whether it was not an import that archived the record. */
export const archivedByOthers = (history: readonly RecordedEvent[]): boolean => {
  const last = history.findLast(
    ({ type, data }) => type.endsWith('Archived') || (data as Data).set?.['archived'] === true,
  );
  return last !== undefined && isByOthers(last);
};

export const isByOthers = ({ metadata }: RecordedEvent): boolean => metadata.actor.kind !== 'import';
