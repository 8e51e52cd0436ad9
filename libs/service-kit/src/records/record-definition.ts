import type {
  Circumstances,
  Decision,
  DomainEvent,
  EventCatalogue,
  FieldPatch,
  Money,
  RecordStatus,
  Rejection,
} from '@rapport/kernel';
import type { CellProjection } from '@rapport/processing';
import type { FieldType, Sort } from '@rapport/read-models';
import type { MessageOf, ServiceIn } from '../contract/contract-types.js';
import type { Published, RecordFacts } from '../service/publish-record.js';
import type { SearchDefinition } from '../search/searched-record.js';
import type { Compared } from './list-query.js';
import type { Beside } from './records.js';
import type { RECORD_FIELDS, RecordDocument } from './record-document.js';

/** A decider that has the commands of a plain record, and perhaps others. */
export interface RecordDecider {
  readonly aggregate: string;
  readonly events: EventCatalogue;
  readonly initialState: (RecordStatus & object) | null;
  readonly evolve: (state: never, event: never) => (RecordStatus & object) | null;
  readonly decide: Readonly<Record<'create' | 'edit' | 'archive' | 'restore', Deciding>>;
}

type Deciding = (state: never, command: never, at: Circumstances) => Decision<DomainEvent>;

export type StateOf<R extends RecordDecider> = ReturnType<R['evolve']>;
export type EventOf<R extends RecordDecider> = Extract<Parameters<R['evolve']>[1], DomainEvent>;
/** What somebody may say about a record. */
export type FieldsOf<R extends RecordDecider> = Extract<Parameters<R['decide']['create']>[1], object>;

type Stated<R extends RecordDecider> = keyof NonNullable<StateOf<R>> & string;

/** `Account` of an aggregate whose first event is AccountCreated. */
export type NounOf<R extends RecordDecider> = EventOf<R>['type'] extends infer T
  ? T extends `${infer Noun}Created`
    ? Noun
    : never
  : never;

/** The contract's message of a kind of record. */
export type RecordMessage<R extends RecordDecider, C> = NounOf<R> extends keyof C ? MessageOf<C[NounOf<R>]> : never;

/** Methods that the service of every record has. */
export type PlainMethods<Noun extends string, Plural extends string> =
  | `create${Noun}`
  | `get${Noun}`
  | `list${Capitalize<Plural>}`
  | `update${Noun}`
  | `archive${Noun}`
  | `restore${Noun}`
  | `undo${Noun}Change`
  | `list${Noun}History`
  | `batch${Capitalize<Plural>}`;

/** Fields of a message that are Rapport's own account of a record, or a tenant's own fields. */
type Account = 'id' | 'info' | 'erased' | 'custom';

/** A field, or one of those in it: `amount.minor`. */
export type FieldPath<M> = {
  [K in keyof M & string]: K | `${K}.${InnerField<NonNullable<M[K]>>}`;
}[keyof M & string];

type InnerField<V> = V extends readonly unknown[] ? never : V extends object ? keyof V & string : never;

type ListedField<M, Derived> = FieldPath<M> | (keyof Derived & string) | keyof typeof RECORD_FIELDS;

/** What the contract cannot say about a kind of record. Everything else is taken from it. */
export interface RecordDefinition<
  R extends RecordDecider,
  C extends object,
  Plural extends string,
  Derived extends FieldTypes,
  Internal extends Stated<R>,
  FilledIn extends string,
> {
  readonly decider: R;
  /** The contract's package: it has the record's message and service, and a published form of every event. */
  readonly contract: C;
  /** `accounts`, as in the path; what the service is called by, and the list. */
  readonly plural: Plural;
  /** Order of lists that name none; newest first when left out. */
  readonly sort?: readonly (Sort & { readonly field: ListedField<RecordMessage<R, C>, NoInfer<Derived>> })[];
  readonly indexes?: readonly (readonly ListedField<RecordMessage<R, C>, NoInfer<Derived>>[])[];
  /** What lists are narrowed by as well, see CollectionDeclaration.lookups. */
  readonly lookups?: readonly (readonly ListedField<RecordMessage<R, C>, NoInfer<Derived>>[])[];
  /** What lists cannot be filtered or sorted by. Lists of messages cannot be anyway. */
  readonly unlisted?: readonly FieldPath<RecordMessage<R, C>>[];
  /** Further fields of the documents, which follow from the state. */
  readonly derived?: DerivedFields<R, Derived>;
  /** What people look for it by; where it is left out, `/v1/search` does not know it. */
  readonly search?: SearchDefinition<FieldPath<RecordMessage<R, C>>>;
  /** Figures over time that follow from the documents. */
  readonly cells?: readonly CellProjection<RecordDocument<StateOf<R>> & DerivedValues<NoInfer<Derived>>>[];
  /** How rows of files become records; where it is left out, none do, or in a way of their own. */
  readonly import?: RecordImport<RecordMessage<R, C>, NoInfer<Derived>>;
  /** What is asked for with what Rapport adds to it: ids of its parts. */
  readonly completed?: (asked: FieldPatch<FieldsOf<R>>, beside: Beside) => FieldPatch<FieldsOf<R>> | Rejection;
  /** Fields that hold the id of another record of this context, and its aggregate: it has to be there. */
  readonly refersTo?: { readonly [F in keyof FieldsOf<R>]?: string | readonly string[] };
  /** Fields of the list that lead to records which may be merged, and are found by every id of theirs, beside `refersTo`. */
  readonly leadsTo?: { readonly [F in ListedField<RecordMessage<R, C>, NoInfer<Derived>>]?: string };
  /** Fields of the state that the contract does not show. */
  readonly internal?: readonly Internal[];
  /** Fields of the message that are not the record's own, and put in when it is shown: names behind ids. */
  readonly filledIn?: readonly FilledIn[];
}

/** What recognises a record in a file, and what its columns may be called. */
export interface RecordImport<M, Derived extends FieldTypes = FieldTypes> {
  /** Fields that recognise a record, best first. */
  readonly matchBy: readonly (keyof M & string)[];
  /** Where the list holds such a value, if not under the field's own name. */
  readonly foundBy?: { readonly [F in keyof M]?: keyof Derived & string };
  /**
   * What people call a record by, `name` where it has one and this is left out. An import does not take back what somebody has
   * made of these since, and rows without a key look like the records that have all of them.
   */
  readonly calledBy?: readonly (keyof M & string)[];
  /** Other names of the column that holds a field; null where none does. Each field is named, so that none is forgotten. */
  readonly synonyms: { readonly [F in Exclude<keyof M & string, Account>]: Synonyms<NonNullable<M[F]>> | null };
}

type Synonyms<V> = V extends string | number | boolean | readonly unknown[] | Money
  ? readonly string[]
  : { readonly [Inner in keyof V]-?: readonly string[] | null };

export type FieldTypes = Readonly<Record<string, FieldType>>;

export interface DerivedFields<R extends RecordDecider, Derived extends FieldTypes> {
  readonly fields: Derived;
  readonly of: (state: NonNullable<StateOf<R>>) => DerivedValues<NoInfer<Derived>>;
  /** Fields whose text is equal to another where the derived one is. */
  readonly compared?: {
    readonly [F in keyof FieldsOf<R>]?: Compared & { readonly by: keyof NoInfer<Derived> & string };
  };
  /** Another one where values follow in another way than before: the list is built anew. */
  readonly version?: number;
}

/** Values of fields; absent where nothing follows. */
export type DerivedValues<Fields extends FieldTypes> = { readonly [F in keyof Fields]?: Values[Fields[F]] | undefined };

interface Values {
  readonly text: string;
  readonly number: number;
  readonly boolean: boolean;
  readonly date: string;
  readonly time: string;
  readonly texts: readonly string[];
}

/** The published form of events that not every record has, and of those that this one publishes in another way. */
export type FurtherPublished<R extends RecordDecider> = [FurtherEvent<R>] extends [never]
  ? { readonly publishes?: Partial<Published<EventOf<R>>> }
  : { readonly publishes: Published<FurtherEvent<R>> & Partial<Published<EventOf<R>>> };

type FurtherEvent<R extends RecordDecider> = Exclude<EventOf<R>, { readonly type: RecordFacts<NounOf<R>> }>;

/** What is left of a person's record once the person is erased; named so that a new field cannot be forgotten. */
export type KeptOnErasure<R extends RecordDecider> = `${NounOf<R>}Erased` extends EventOf<R>['type']
  ? { readonly keepOnErase: readonly (keyof FieldsOf<R> & string)[] }
  : { readonly keepOnErase?: undefined };

/**
 * Does not compile where aggregate and contract disagree: a field that one of them lacks, a field of another type, an event
 * or a method that is missing. The property that is then asked for says which.
 */
export type Agreement<
  R extends RecordDecider,
  C extends object,
  Plural extends string,
  Internal extends string,
  FilledIn extends string,
> = Holds<'the contract has no', Exclude<NamesIn<R, Plural>, keyof C>> &
  Holds<'the aggregate has no field', Exclude<keyof RecordMessage<R, C> & string, Stated<R> | FilledIn | Account>> &
  Holds<'the message has no field', Exclude<Stated<R> | FilledIn, FieldsInContract<R, C> | Internal>> &
  Holds<'of another type in the message', Mismatched<FieldsOf<R>, RecordMessage<R, C>>> &
  Holds<'the service has no method', Exclude<PlainMethods<NounOf<R>, Plural>, keyof ServiceIn<C, Plural>['methods']>>;

type NamesIn<R extends RecordDecider, Plural extends string> =
  NounOf<R> | EventOf<R>['type'] | `${Capitalize<Plural>}ServiceDefinition`;

type FieldsInContract<R extends RecordDecider, C> = keyof RecordMessage<R, C> | 'archived' | 'erased';

type Holds<Complaint extends string, Fault extends PropertyKey> = [Fault] extends [never]
  ? unknown
  : { readonly [_ in Complaint]: Fault };

/** What a record has must be of a type that the message can show. */
type Mismatched<Fields, M> = {
  [F in keyof Fields & keyof M & string]: NonNullable<Fields[F]> extends Frozen<NonNullable<M[F]>> ? never : F;
}[keyof Fields & keyof M & string];

/** Generated messages may be changed, what aggregates hold may not. */
type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [F in keyof T]: Frozen<T[F]> }
    : T;
