import { partsOf, prefixOf } from '@rapport/event-store';
import { type Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';
import type { DuplicateEvent, PairOfContacts } from '../domain/duplicate/duplicate.events.js';
import { duplicate, type DuplicateState } from '../domain/duplicate/duplicate.js';

/** What was decided about two contacts; there is none of those about whom nobody said anything. */
export type DuplicateDocument = Document & PairOfContacts & { readonly status: 'open' | 'dismissed' };

/** Decisions about pairs. Who may see one is said by who sees both contacts. */
export const duplicates: Projection<DuplicateDocument> = {
  declaration: {
    name: 'duplicates',
    fields: { contactId: 'text', otherContactId: 'text', status: 'text' },
    indexes: [],
  },
  prefixes: [prefixOf(duplicate.aggregate)],
  fold: (document, event) => {
    const { tenant, id } = partsOf(event.stream);
    const state = duplicate.evolve(document satisfies DuplicateState, event as unknown as DuplicateEvent);
    return state && { ...state, id, tenant };
  },
};
