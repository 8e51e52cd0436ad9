import { partsOf, prefixOf } from '@rapport/event-store';
import type { Erased, RecordedEvent } from '@rapport/kernel';
import type { ErasureFact } from '@rapport/processing';
import type { Published } from '../service/publish-record.js';
import type { ErasureEvent, ErasureReceiptWritten, PersonForgotten } from './erasure.events.js';

/** A kind of record that is about a person, and how its events tell that the person was erased. */
export interface AboutPerson {
  readonly decider: { readonly aggregate: string };
  /** `Contact`, of ContactErased. */
  readonly noun: string;
}

export const erasedType = ({ noun }: AboutPerson): string => `${noun}Erased`;

/** What tells that a person was erased: first that it is wanted, then that no key is left anywhere. */
export const erasureFacts = (record: AboutPerson): readonly ErasureFact[] => [
  { prefix: prefixOf(record.decider.aggregate), type: erasedType(record), ids: erasedIds },
  {
    prefix: prefixOf('erasure'),
    type: 'PersonForgotten',
    ids: ({ data }) => (data as PersonForgotten['data']).ids,
    last: true,
  },
];

/** Every id that the person was known by. */
export const erasedIds = ({ data, stream }: RecordedEvent): readonly string[] => [
  partsOf(stream).id,
  ...((data as Erased).furtherIds ?? []),
];

/** What others are told, so that they forget too. */
export const erasurePublishes = {
  PersonForgotten: ({ data }: PersonForgotten) => ({ type: 'PersonForgotten', data }),
  ErasureReceiptWritten: ({ data }: ErasureReceiptWritten) => ({ type: 'ErasureReceiptWritten', data }),
} satisfies Published<ErasureEvent>;
