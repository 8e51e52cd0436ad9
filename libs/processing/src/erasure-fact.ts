import { declaredName } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';

/** A kind of event which tells that a person was erased: the keys of all of that person's ids are to be destroyed. */
export interface ErasureFact {
  /** The streams that tell it, by prefix; also those of another context, in this one's inbox. */
  readonly prefix: string;
  readonly type: string;
  /** Every id that the person is known by. */
  readonly ids: (event: RecordedEvent) => readonly string[];
  /** No process can hold one of the keys any more: documents about the person now forget what they say about them. */
  readonly last?: boolean;
}

/** The ids of whoever was erased according to an event; none where it tells something else. */
export const erasedBy = (facts: readonly ErasureFact[], event: RecordedEvent): readonly string[] => {
  for (const { type, prefix, ids } of facts) {
    if (event.type === type && declaredName(event.stream).startsWith(prefix)) return ids(event);
  }
  return NOBODY;
};

const NOBODY: readonly string[] = [];
