import { CUSTOM } from '@rapport/custom-fields';
import type { Decider, RecordCommands } from '@rapport/kernel';
import type { PersonalField } from '@rapport/privacy';
import type { Projection } from '@rapport/processing';
import type { FieldType } from '@rapport/read-models';
import { RECORD_KEYS_VERSION } from '@rapport/search';
import { contractMessage } from '../contract/contract-messages.js';
import type { ServiceDescription } from '../contract/contract-types.js';
import type { MessageShape } from '../contract/message-shape.js';
import { personalFieldsOf } from '../service/personal-fields.js';
import { publishRecord, type Published } from '../service/publish-record.js';
import { keysOfRecord, searchedRecord, type SearchedRecord } from '../search/searched-record.js';
import type {
  Agreement,
  DerivedValues,
  EventOf,
  FieldsOf,
  FieldTypes,
  FurtherPublished,
  KeptOnErasure,
  NounOf,
  RecordDecider,
  RecordDefinition,
  RecordMessage,
  StateOf,
} from './record-definition.js';
import { type RecordDocument, type RecordListing, recordProjection } from './record-document.js';
import type { AnyImport } from '../service/served-record.js';
import type { ComparedFields } from './list-query.js';
import { checkKeptOnErasure, listedFields } from './record-fields.js';
import type { RecordKind, Records } from './records.js';
import type { ReferenceFields } from './references.js';

type NoFields = Readonly<Record<never, FieldType>>;

/** A kind of record, with everything that follows from its definition and its contract. */
export interface DefinedRecord<
  R extends RecordDecider = RecordDecider,
  C extends object = object,
  Plural extends string = string,
  Derived extends FieldTypes = NoFields,
> {
  readonly decider: R;
  readonly contract: C;
  /** `rapport.contacts.v1.AccountsService` */
  readonly service: string;
  /** `Account`, as the contract's names have it. */
  readonly noun: NounOf<R>;
  /** `accounts` */
  readonly plural: Plural;
  /** What its service can be asked for: `createAccount`. */
  readonly methods: readonly string[];
  /** The message, as the contract describes it. */
  readonly shape: MessageShape;
  /** Its list, and the figures that follow from it. */
  readonly projection: Projection<RecordDocument<StateOf<R>> & DerivedValues<Derived>>;
  readonly personal: readonly PersonalField[];
  readonly publishes: Published<EventOf<R>>;
  /** What {@link Records} of it work with. */
  readonly kind: RecordKind<StateOf<R>, EventOf<R>, FieldsOf<R>, RecordMessage<R, C>>;
  readonly import?: AnyImport;
  readonly search?: SearchedRecord;
  /** Under it a service provides its {@link Records}. */
  readonly token: symbol;
}

/** The {@link Records} of a kind, as a service provides them under its token. */
export type RecordsOf<Defined> =
  Defined extends DefinedRecord<infer R, infer C>
    ? Records<StateOf<R>, EventOf<R>, FieldsOf<R>, RecordMessage<R, C>>
    : never;

/** A document of its list. */
export type DocumentOf<Defined> = Defined extends { readonly projection: Projection<infer Doc> } ? Doc : never;

/**
 * Takes from the contract what it says of a kind of record (types, limits, personal marks of its fields, the names of its
 * methods) and adds what only the definition can say. Does not compile where the two disagree, see {@link Agreement}; what
 * no type can tell, marks of personal fields, is checked when it is loaded.
 */
export const defineRecord = <
  R extends RecordDecider,
  C extends object,
  const Plural extends string,
  const Derived extends FieldTypes = NoFields,
  Internal extends keyof NonNullable<StateOf<R>> & string = never,
  FilledIn extends string = never,
>(
  definition: RecordDefinition<R, C, Plural, Derived, Internal, FilledIn> &
    FurtherPublished<R> &
    KeptOnErasure<R> &
    Agreement<R, C, Plural, Internal, FilledIn>,
): DefinedRecord<R, C, Plural, Derived> => {
  const { decider, contract, plural, internal = [], keepOnErase, derived } = definition;
  const noun = capitalized(decider.aggregate);
  const parts = contract as Readonly<Record<string, unknown>>;
  const { fullName: service, methods } = parts[`${capitalized(plural)}ServiceDefinition`] as ServiceDescription;
  const typeName = `${service.slice(0, service.lastIndexOf('.'))}.${noun}`;
  const shape = contractMessage(typeName);
  if (keepOnErase) checkKeptOnErasure(shape, keepOnErase);
  const personal = personalFieldsOf(typeName);
  return {
    ...{ decider, contract, service, plural, shape, personal },
    noun: noun as NounOf<R>,
    methods: Object.keys(methods),
    projection: listOf(definition, shape, personal),
    publishes: { ...publishRecord(noun, decider.aggregate), ...definition.publishes },
    kind: {
      // What a decider of a plain record is, it was asked to be; that its commands are about these fields follows.
      decider: decider as unknown as Decider<StateOf<R>, EventOf<R>, RecordCommands<FieldsOf<R>>>,
      message: parts[noun] as RecordKind<StateOf<R>, EventOf<R>, FieldsOf<R>, RecordMessage<R, C>>['message'],
      outputOnly: shape.fields.filter(({ name, rules }) => rules.outputOnly || name === 'id').map(({ name }) => name),
      internal,
      ...furtherOf(definition),
      ...(derived?.compared && { compared: derived.compared as ComparedFields }),
    },
    ...(definition.import && { import: definition.import }),
    ...(definition.search && { search: searchedRecord(definition.search) }),
    token: Symbol(`records of ${decider.aggregate}`),
  };
};

/** What a definition may leave out. */
const furtherOf = <R extends RecordDecider, C extends object, Derived extends FieldTypes>({
  sort,
  completed,
  refersTo,
  leadsTo,
}: RecordDefinition<R, C, string, Derived, keyof NonNullable<StateOf<R>> & string, string>): Further<R> => ({
  ...{ ...(sort && { defaultSort: sort }), ...(completed && { completed }) },
  ...(refersTo && { refersTo: refersTo as ReferenceFields }),
  ...(leadsTo && { leadsTo: leadsTo as ReferenceFields }),
});

type Further<R extends RecordDecider> = Pick<
  RecordKind<StateOf<R>, EventOf<R>, FieldsOf<R>, unknown>,
  'defaultSort' | 'completed' | 'refersTo' | 'leadsTo'
>;

const listOf = <R extends RecordDecider, C extends object, Derived extends FieldTypes>(
  definition: RecordDefinition<R, C, string, Derived, keyof NonNullable<StateOf<R>> & string, string>,
  shape: MessageShape,
  personal: readonly PersonalField[],
): DefinedRecord<R, C, string, Derived>['projection'] => {
  const { decider, plural, indexes = [], lookups = [], unlisted = [], filledIn = [], derived, cells } = definition;
  const fields = { ...listedFields(shape, [...unlisted, ...filledIn]), ...derived?.fields };
  const search = definition.search && searchedRecord(definition.search);
  const further = followingOf(derived, search);
  const hasCustom = shape.fields.some(({ name, kind }) => name === CUSTOM && kind === 'object');
  const listing = { name: snakeCase(plural), fields, indexes, lookups, personal, hasCustom, ...further };
  const list = recordProjection<StateOf<R>, EventOf<R>>(decider as never, listing);
  return { ...list, ...(cells ? { cells } : {}) };
};

/** What follows from a state beside what its fields say, and by which version. */
const followingOf = <State>(
  { of, version }: { of?: (state: NonNullable<State>) => object; version?: number } = {},
  search?: SearchedRecord,
): Pick<RecordListing<State>, 'derived' | 'version' | 'search'> => {
  if (!search) return { ...(of ? { derived: of } : {}), ...(version === undefined ? {} : { version }) };
  const derived = (state: NonNullable<State>): object => ({ ...of?.(state), ...keysOfRecord(search, state) });
  return { derived, search, version: (version ?? 0) + RECORD_KEYS_VERSION };
};

const capitalized = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
