import { partsOf, prefixOf } from '@rapport/event-store';
import { type AboutPeople, type Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';
import type { DuplicateEvent, Likeness } from '../domain/duplicate/duplicate.events.js';
import {
  duplicate,
  type DuplicateState,
  type DuplicateStatus,
  type PairedKind,
  pairOfKind,
  recordsOf,
} from '../domain/duplicate/duplicate.js';

/** Two records that look like one, and what was decided about them; those with a likeness are in the queue. */
export interface DuplicateDocument extends Document, Partial<Likeness> {
  readonly kind: PairedKind;
  /** The lesser id of the two. */
  readonly recordId: string;
  readonly otherId: string;
  readonly status: DuplicateStatus;
  /** When they were first found to look like one, since when they were not. */
  readonly foundAt?: string;
}

const about = (field: 'recordId' | 'otherId'): AboutPeople<DuplicateDocument> => ({
  field,
  forget: ({ score: _, verdict: __, foundAt: ___, ...pair }) => pair,
});

/** Pairs of records. Who may see one is said by who sees both records. */
export const duplicates: Projection<DuplicateDocument> = {
  declaration: {
    name: 'duplicates',
    fields: {
      ...{ kind: 'text', recordId: 'text', otherId: 'text', status: 'text' },
      ...{ score: 'number', verdict: 'text', foundAt: 'time' },
    },
    indexes: [['kind', 'status', 'score', 'recordId', 'otherId']],
    lookups: [['recordId'], ['otherId']],
  },
  prefixes: [prefixOf(duplicate.aggregate)],
  about: [about('recordId'), about('otherId')],
  fold: (document, event) => {
    const { tenant, id } = partsOf(event.stream);
    const state = duplicate.evolve(document && stateOf(document), event as unknown as DuplicateEvent);
    if (!state) return null;
    const { status, score, verdict } = state;
    const pair = { id, tenant, ...recordsOf(state), status };
    if (score === undefined) return pair;
    return { ...pair, score, verdict: verdict!, foundAt: document?.foundAt ?? event.metadata.occurredAt };
  },
};

const stateOf = ({ kind, recordId, otherId, status, score, verdict }: DuplicateDocument): DuplicateState => ({
  ...{ ...pairOfKind(kind, recordId, otherId), status },
  ...(score !== undefined && { score, verdict: verdict! }),
});
