import { externalAggregate, partsOf, prefixOf } from '@rapport/event-store';
import type { Erased, RecordedEvent } from '@rapport/kernel';
import type { ErasureFact } from '@rapport/processing';
import type { Published } from '../service/publish-record.js';
import type { ServiceDefinition } from '../service/service-definition.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import type {
  ErasureEvent,
  ErasurePartDone,
  ErasurePartNoted,
  ErasureReceiptSigned,
  ErasureReceiptWritten,
  PersonForgotten,
} from './erasure.events.js';

const ERASURE = 'erasure';

/** A kind of record that is about a person, and how its events tell that the person was erased. */
export interface AboutPerson {
  readonly decider: { readonly aggregate: string };
  /** `Contact`, of ContactErased. */
  readonly noun: string;
}

export const erasedType = ({ noun }: AboutPerson): string => `${noun}Erased`;

/** What tells that a person was erased: first that it is wanted, then that no key is left anywhere. */
export const erasureFacts = (...records: readonly AboutPerson[]): readonly ErasureFact[] => [
  ...records.map((record) => ({
    prefix: prefixOf(record.decider.aggregate),
    type: erasedType(record),
    ids: erasedIds,
  })),
  {
    prefix: prefixOf(ERASURE),
    type: 'PersonForgotten',
    ids: ({ data }) => (data as PersonForgotten['data']).ids,
    last: true,
  },
];

/** Other contexts that keep something about people: each hears when one of them forgets somebody. */
const neighboursOf = ({ listens = {} }: Pick<ServiceDefinition, 'listens'>): readonly string[] =>
  Object.entries(listens).flatMap(([context, aggregates]) => (aggregates.includes(ERASURE) ? [context] : []));

/** What tells in their streams that somebody is forgotten. */
export const neighboursForgetting = (definition: Pick<ServiceDefinition, 'listens'>): readonly ErasureFact[] =>
  neighboursOf(definition).map((context) => ({
    prefix: prefixOf(externalAggregate(context, ERASURE)),
    type: 'PersonForgotten',
    ids: ({ data }) => (data as PersonForgotten['data']).ids,
    last: true,
  }));

/** Those that an erasure waits for before it is confirmed: all that there are in this installation. */
export const awaitedBy = ({ definition, engines }: Pick<ServiceRuntime, 'definition' | 'engines'>): readonly string[] =>
  neighboursOf(definition).filter((context) => engines.installed?.includes(context) ?? true);

/** Every id that the person was known by. */
export const erasedIds = ({ data, stream }: RecordedEvent): readonly string[] => [
  partsOf(stream).id,
  ...((data as Erased).furtherIds ?? []),
];

/** What others are told, so that they forget too. */
export const erasurePublishes = {
  PersonForgotten: ({ data }: PersonForgotten) => ({ type: 'PersonForgotten', data }),
  ErasureReceiptWritten: ({ data }: ErasureReceiptWritten) => ({ type: 'ErasureReceiptWritten', data }),
  ErasurePartDone: ({ data }: ErasurePartDone) => ({ type: 'ErasurePartDone', data }),
  ErasurePartNoted: ({ data }: ErasurePartNoted) => ({ type: 'ErasurePartNoted', data }),
  ErasureReceiptSigned: ({ data }: ErasureReceiptSigned) => ({ type: 'ErasureReceiptSigned', data }),
} satisfies Published<ErasureEvent>;
