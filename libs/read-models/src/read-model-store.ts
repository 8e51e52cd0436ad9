import type { Position } from '@rapport/kernel';
import type { Filter } from './filter/filter.js';
import type { Scope } from './scope/scope.js';

/**
 * Documents derived from events: typed collections with declared fields and indexes. One document is the unit of change.
 * Every document belongs to a tenant and no query sees another tenant's. What is no tenant is refused as invalid `bad-tenant`.
 */
export interface ReadModelStore {
  /**
   * Creates the collection where it is missing; a changed declaration makes a new, empty generation. One that is named is there
   * to be filled: before it is asked for anything but documents by their ids, see {@link index}.
   */
  collection<D extends Document>(declaration: CollectionDeclaration<D>, generation?: string): Promise<Collection<D>>;

  /** Makes the indexes of a generation that are missing: all at once they take a fraction of what they take row by row. Harmless where there are all. */
  index(collection: Collection<Document>): Promise<void>;

  /**
   * Writes in order, then moves the checkpoint. Idempotent by position: a document that was built to the same or a later
   * position is left alone, and a checkpoint never moves back; so whoever writes at once, nothing older wins. An engine without transactions may stop half-way; repeating the whole call is then safe.
   */
  write(batch: WriteBatch): Promise<void>;

  checkpoint(follower: string): Promise<Position | undefined>;

  /** Which generation of a collection queries use; undefined before the first activation. */
  activeGeneration(name: string): Promise<string | undefined>;
  /** Points queries at a generation and drops the others, in one step as seen from queries. */
  activate(name: string, generation: string): Promise<void>;
  /** Removes a generation that was never activated, with all its documents; the active one stays. Harmless where there is none. */
  drop(name: string, generation: string): Promise<void>;

  /** Removes every document of a tenant, in every generation; positions of removed ones too. Idempotent. Answers how many there were. */
  removeTenant(tenant: string): Promise<number>;

  /** Resolves once no file of this store holds what replaced or removed documents said before. */
  purge(): Promise<void>;

  close(): Promise<void>;
}

/** The least that every document has. `id` is unique within tenant and collection. */
export interface Document {
  readonly id: string;
  readonly tenant: string;
}

export type FieldType = 'text' | 'number' | 'boolean' | 'date' | 'time' | 'texts';

/**
 * A collection's name, the fields that may be filtered and sorted by (a dotted path is a nested field: `amount.minor`),
 * and the field lists that get an index. Text sorts without regard to case and accents; missing values come last.
 */
export interface CollectionDeclaration<D extends Document = Document> {
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldType>>;
  readonly indexes: readonly (readonly string[])[];
  /**
   * Field lists by whose first field lists are only narrowed: their index may leave out documents that miss it, and so costs
   * only writes of those that have it. Nothing is sorted along them but what has one value of it.
   */
  readonly lookups?: readonly (readonly string[])[];
  /**
   * The first name of fields that each tenant gives its own documents: with `custom`, what a document says under `custom.priority`,
   * a property of that very name, can be asked for once it is named, see {@link Documents.withFields}. Several, where others than
   * tenants name fields as well.
   */
  readonly open?: string | readonly string[];
  /** Never set: ties the declaration to its document type. */
  readonly document?: D;
}

export interface WriteBatch {
  readonly writes: readonly DocumentWrite[];
  readonly checkpoint?: { readonly follower: string; readonly position: Position };
}

/** Replaces a whole document (or removes it, leaving its position behind so that older writes stay ignored). */
export interface DocumentWrite {
  readonly collection: Collection<Document>;
  readonly tenant: string;
  readonly id: string;
  readonly position: Position;
  /** null removes. */
  readonly document: Document | null;
}

export interface Stored<D> {
  readonly document: D;
  /** How far this document was built. */
  readonly position: Position;
}

/**
 * What readers ask. Each method takes the reader's scope: only documents of its tenant and within its rows are found,
 * counted and added up, and its hidden fields are left out of what comes back. A hidden field in a filter, sort, grouping or
 * sum is refused as forbidden `hidden-field`; what is no scope, as internal `bad-scope`.
 */
export interface Documents<D extends Document> {
  readonly declaration: CollectionDeclaration<D>;
  get(scope: Scope, id: string): Promise<D | undefined>;
  /** By id, in one read; those that {@link get} would not find are left out. */
  getMany(scope: Scope, ids: Iterable<string>): Promise<ReadonlyMap<string, D>>;
  query(scope: Scope, query: Query): Promise<QueryPage<D>>;
  /** Exact. */
  count(scope: Scope, filter?: Filter): Promise<number>;
  /** Cheap and roughly right, exact for a scope with rows; for "about n" in lists. */
  estimatedCount(scope: Scope): Promise<number>;
  /** Sums and counts per group; groups in the order of their keys. */
  aggregate(scope: Scope, aggregation: Aggregation): Promise<readonly Group[]>;
  /**
   * The same documents, which can be asked for fields of a tenant as well: `{ 'custom.priority': 'number' }`. A value that is of
   * another type than it is asked for as counts as missing. Nothing is stored for it, so it costs nothing to ask in another way
   * the next time. A collection without open fields is given back as it is.
   */
  withFields(fields: Readonly<Record<string, FieldType>>): Documents<D>;
}

/** What those who build documents hold: besides what readers ask, any document as it is stored. */
export interface Collection<D extends Document> extends Documents<D> {
  readonly generation: string;
  /** Documents with their positions, for projections; missing ones are left out. Removed ones have a null document. */
  load(keys: readonly DocumentKey[]): Promise<Map<string, { document: D | null; position: Position }>>;
}

export interface DocumentKey {
  readonly tenant: string;
  readonly id: string;
}

/** Key of {@link Collection.load}'s answer. */
export const keyOf = (key: DocumentKey): string => `${key.tenant}/${key.id}`;

export interface Query {
  readonly filter?: Filter;
  /** In order of weight; `id` breaks ties. Default: by id. */
  readonly sort?: readonly Sort[];
  /** 1 to 1000. */
  readonly limit: number;
  /** From the previous page. Belongs to this tenant, filter and sort; anything else is refused as invalid. */
  readonly cursor?: string;
  /** How many there are in all is wanted as well: together it may cost one look where apart it costs two. */
  readonly total?: boolean;
}

export interface Sort {
  readonly field: string;
  readonly descending?: boolean;
}

export interface QueryPage<D> {
  readonly documents: readonly D[];
  /** Present when there is more. Stable under writes: no document that stays put is skipped or repeated. */
  readonly next?: string;
  /** Exact, and of the filter alone, wherever the page begins; present when it was asked for. */
  readonly total?: number;
}

export interface Aggregation {
  readonly filter?: Filter;
  readonly groupBy: readonly string[];
  /** Fields of whole numbers to add up; missing counts as 0, and of a fraction what stands before the point. */
  readonly sums?: readonly string[];
}

export interface Group {
  /** Values in the order of `groupBy`; null where the field is missing. */
  readonly key: readonly (string | number | boolean | null)[];
  readonly count: number;
  /** Exact at any size, of numbers that are exact themselves (up to 2^53 either way). */
  readonly sums: Readonly<Record<string, bigint>>;
}
