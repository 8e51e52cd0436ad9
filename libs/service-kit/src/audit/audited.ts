import { partsOf, prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';

/** Which facts belong into the audit trail: of which aggregates, and of each all or those of some types. */
export type Audited = Readonly<Record<string, 'all' | readonly string[]>>;

export const prefixesOf = (audited: Audited): readonly string[] => Object.keys(audited).map(prefixOf);

export const isAudited = (audited: Audited, { stream, type }: Pick<RecordedEvent, 'stream' | 'type'>): boolean => {
  const { aggregate } = partsOf(stream);
  const types = Object.hasOwn(audited, aggregate) ? audited[aggregate] : undefined;
  return types === 'all' || (types?.includes(type) ?? false);
};
