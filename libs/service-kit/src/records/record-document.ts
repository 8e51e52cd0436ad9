import type { DomainEvent, RecordedEvent, RecordStatus } from '@rapport/kernel';
import { prefixOf, partsOf } from '@rapport/event-store';
import type { Decider } from '@rapport/kernel';
import { CUSTOM, isCustomName } from '@rapport/custom-fields';
import { byName, type PersonalField } from '@rapport/privacy';
import type { AboutPeople, Projection } from '@rapport/processing';
import type { CollectionDeclaration, Document, FieldType } from '@rapport/read-models';
import { SEARCH, type SearchedRecord } from '../search/searched-record.js';

/** A record as lists show it: its state's own fields, and Rapport's account of it. */
export type RecordDocument<State> = Document &
  NonNullable<State> & {
    readonly revision: number;
    readonly createdAt: string;
    readonly updatedAt: string;
    readonly erased?: boolean;
  };

/** Fields that every record may be filtered and sorted by. */
export const RECORD_FIELDS = {
  id: 'text',
  archived: 'boolean',
  createdAt: 'time',
  updatedAt: 'time',
  revision: 'number',
} as const satisfies Record<string, FieldType>;

export interface RecordListing<State> {
  /** Collection name, plural, snake case. */
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldType>>;
  readonly indexes: readonly (readonly string[])[];
  readonly lookups?: readonly (readonly string[])[];
  /** Further fields that follow from the state: `cycleDays`. */
  readonly derived?: (state: NonNullable<State>) => object;
  /** See Projection.version. */
  readonly version?: number;
  /** Tenants may give it fields of their own. */
  readonly hasCustom?: boolean;
  /** It is searched; `derived` says what its documents are found by. */
  readonly search?: SearchedRecord;
  /** Its fields that say something about people. */
  readonly personal?: readonly PersonalField[];
}

type RecordDecider<State> = Pick<Decider<State, DomainEvent, object>, 'aggregate' | 'initialState' | 'evolve'>;

/** The list of an aggregate's records: the very fold that decides also builds the documents. */
export const recordProjection = <State extends RecordStatus | null, E extends DomainEvent>(
  decider: Pick<Decider<State, E, object>, 'aggregate' | 'initialState' | 'evolve'>,
  listing: RecordListing<State>,
): Projection<RecordDocument<State>> => {
  const about = aboutPeople(listing);
  const fields = { ...RECORD_FIELDS, ...listing.fields };
  const declaration: CollectionDeclaration<RecordDocument<State>> = {
    name: listing.name,
    fields,
    indexes: [...listing.indexes, ['archived', 'createdAt'], ['archived', 'updatedAt']],
    lookups: [...(listing.lookups ?? []), ...lookupsOf(about, listing)],
    ...openIn(listing),
  };
  return {
    declaration,
    prefixes: [prefixOf(decider.aggregate)],
    fold: (document, event) =>
      nextDocument(
        decider as unknown as RecordDecider<State>,
        listing,
        document,
        event,
      ) as RecordDocument<State> | null,
    ...(listing.version === undefined ? {} : { version: listing.version }),
    ...(about.length === 0 ? {} : { about }),
  };
};

const openIn = ({ hasCustom, search }: Pick<RecordListing<never>, 'hasCustom' | 'search'>) => {
  if (hasCustom) return { open: search ? [CUSTOM, SEARCH] : CUSTOM };
  return search ? { open: SEARCH } : {};
};

/** What a record says about itself goes with the record's own id, the rest with the ids of those that it is about. */
const aboutPeople = <State>({ personal = [], derived }: RecordListing<State>): AboutPeople<RecordDocument<State>>[] => {
  const fields = [...byName(personal)];
  return [...Map.groupBy(fields, ([, about]) => about ?? 'id')].map(([field, said]) => ({
    field,
    forget: (document) => {
      const personalNames = new Set([...said.map(([name]) => name), ...(field === 'id' ? ['aside'] : [])]);
      const names = Object.keys(document).filter((name) => personalNames.has(isCustomName(name) ? CUSTOM : name));
      const isMarked = field !== 'id' || document.erased === true;
      if (names.length === 0 && isMarked) return document;
      const rest = Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)));
      const left = { ...rest, ...(field === 'id' ? { erased: true } : {}) } as unknown as RecordDocument<State>;
      return { ...left, ...derived?.(left) };
    },
  }));
};

/** Those of the people that a record is about are looked for by their ids, unless an index begins with them anyway. */
const lookupsOf = <State>(
  about: readonly AboutPeople<RecordDocument<State>>[],
  { name, fields, indexes, lookups = [] }: RecordListing<State>,
): readonly (readonly string[])[] =>
  about.flatMap(({ field }) => {
    if (field === 'id' || [...indexes, ...lookups].some(([first]) => first === field)) return [];
    if (!(field in fields))
      throw new Error(`${name} is about whom "${field}" names, and cannot be asked for it. List it.`);
    // No index leads to what lies in a list.
    return fields[field] === 'texts' ? [] : [[field]];
  });

/** Own account of a document, beside which the state's fields lie. */
interface Account {
  readonly id: string;
  readonly tenant: string;
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const nextDocument = <State>(
  decider: RecordDecider<State>,
  listing: RecordListing<State>,
  document: (Account & object) | null,
  event: RecordedEvent,
): object | null => {
  const state = decider.evolve((document as State | null) ?? decider.initialState, event);
  if (state === null || state === undefined) return document;
  const { occurredAt, tenant, erased } = event.metadata;
  return {
    ...state,
    ...listing.derived?.(state),
    id: document?.id ?? partsOf(event.stream).id,
    tenant,
    revision: event.revision,
    createdAt: document?.createdAt ?? occurredAt,
    updatedAt: occurredAt,
    ...(erased ? { erased: true } : {}),
  };
};
