import { partsOf, prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { ErasureFact } from '@rapport/processing';
import type { Published } from '@rapport/service-kit';
import type { ContactErased } from '../domain/contact/contact.events.js';
import type { ErasureEvent, ErasureReceiptWritten, PersonForgotten } from '../domain/erasure/erasure.events.js';

/** What tells that a person was erased: first that it is wanted, then that no key is left anywhere. */
export const erasureFacts: readonly ErasureFact[] = [
  {
    prefix: prefixOf('contact'),
    type: 'ContactErased',
    ids: (event) => erasedIds(event as RecordedEvent<ContactErased>),
  },
  {
    prefix: prefixOf('erasure'),
    type: 'PersonForgotten',
    ids: ({ data }) => (data as PersonForgotten['data']).ids,
    last: true,
  },
];

/** Every id that the person was known by. */
export const erasedIds = ({ data, stream }: RecordedEvent<ContactErased>): readonly string[] => [
  partsOf(stream).id,
  ...(data.furtherIds ?? []),
];

/** What others are told, so that they forget too. */
export const erasurePublishes = {
  PersonForgotten: ({ data }: PersonForgotten) => ({ type: 'PersonForgotten', data }),
  ErasureReceiptWritten: ({ data }: ErasureReceiptWritten) => ({ type: 'ErasureReceiptWritten', data }),
} satisfies Published<ErasureEvent>;
