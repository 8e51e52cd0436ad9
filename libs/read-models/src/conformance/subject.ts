import { positionOf, type Position } from '@rapport/kernel';
import { Scope } from '../scope/scope.js';
import type {
  Collection,
  CollectionDeclaration,
  Document,
  Documents,
  Query,
  ReadModelStore,
} from '../read-model-store.js';

/** What the suite runs against. */
export interface ReadModelStoreSubject {
  /** A new, empty store. */
  open(): Promise<OpenedStore>;
  readonly features: ReadModelStoreFeatures;
}

export interface OpenedStore {
  readonly store: ReadModelStore;
  /** Closes the store and opens what it left behind. */
  reopen(): Promise<ReadModelStore>;
  /** Paths of every file in which the store keeps documents; empty when it keeps none. */
  files(): Promise<readonly string[]>;
  /** Closes and removes everything. */
  dispose(): Promise<void>;
}

export interface ReadModelStoreFeatures {
  /** Keeps documents, checkpoints and generations over a restart. */
  readonly durable: boolean;
  /** A batch that fails leaves neither documents nor the checkpoint behind. Without it, repeating the batch is safe. */
  readonly atomic: boolean;
  /** After {@link ReadModelStore.purge} nothing that was replaced is left. Without it, the engine's own housekeeping decides. */
  readonly purge: boolean;
  /** Compares texts by code point. Without it, texts above U+FFFF may come before U+E000 to U+FFFF. */
  readonly codePointOrder: boolean;
}

/** A document with a field of every type, any of them possibly missing. */
export interface Thing extends Document {
  readonly name?: unknown;
  readonly stage?: unknown;
  readonly amount?: unknown;
  readonly active?: unknown;
  readonly day?: unknown;
  readonly at?: unknown;
  readonly tags?: unknown;
  readonly [open: `own.${string}` | `kept.${string}`]: unknown;
}

export const THINGS = {
  name: 'things',
  fields: {
    name: 'text',
    stage: 'text',
    'amount.minor': 'number',
    active: 'boolean',
    day: 'date',
    at: 'time',
    tags: 'texts',
  },
  indexes: [['name'], ['stage', 'name'], ['amount.minor'], ['at']],
  open: ['own', 'kept'],
} as const satisfies CollectionDeclaration<Thing>;

/** What a tenant may have given its things. */
export const OPEN_FIELDS = {
  'own.word': 'text',
  'own.size': 'number',
  'own.active': 'boolean',
  'own.day': 'date',
  'own.at': 'time',
  'own.tags': 'texts',
  'own.price.minor': 'number',
  'own.price.currency': 'text',
  'kept.words': 'texts',
} as const satisfies CollectionDeclaration['fields'];

/** One opened store with its collection of things; every test has a tenant of its own. */
export interface Bench {
  readonly opened: OpenedStore;
  readonly features: ReadModelStoreFeatures;
  readonly store: ReadModelStore;
  readonly things: Collection<Thing>;
  newTenant(): string;
  /** Stores documents, all built to `position` (the newest of all if not given). */
  put(tenant: string, documents: readonly Omit<Thing, 'tenant'>[], position?: Position): Promise<void>;
  remove(tenant: string, id: string, position?: Position): Promise<void>;
  /** Ids of one page. */
  ids(tenant: string, query?: Partial<Query>): Promise<readonly string[]>;
  nextPosition(): Position;
}

export const openBench = async (subject: ReadModelStoreSubject): Promise<Bench> => {
  const opened = await subject.open();
  const { store } = opened;
  const things = await store.collection<Thing>(THINGS);
  let [tenants, position] = [0, 0];
  const nextPosition = () => positionOf(++position);
  return {
    opened,
    features: subject.features,
    store,
    things,
    newTenant: () => `tenant_${++tenants}`,
    nextPosition,
    put: (tenant, documents, at = nextPosition()) =>
      store.write({
        writes: documents.map((document) => ({
          collection: things,
          tenant,
          id: document.id,
          position: at,
          document: { ...document, tenant },
        })),
      }),
    remove: (tenant, id, at = nextPosition()) =>
      store.write({ writes: [{ collection: things, tenant, id, position: at, document: null }] }),
    ids: async (tenant, query = {}) =>
      (await things.query(everythingOf(tenant), { limit: 1000, ...query })).documents.map(({ id }) => id),
  };
};

/** What a reader sees to whom nothing is closed. */
export const everythingOf = (tenant: string): Scope => new Scope(tenant);

/** Every page of a query, following its cursors. */
export const allPages = async (
  things: Documents<Thing>,
  scope: Scope,
  query: Query,
): Promise<readonly (readonly Thing[])[]> => {
  const pages: (readonly Thing[])[] = [];
  let cursor: string | undefined;
  do {
    const page = await things.query(scope, cursor === undefined ? query : { ...query, cursor });
    pages.push(page.documents);
    if (pages.length > 10_000) throw new Error(`The cursors of this query lead in a circle: ${JSON.stringify(query)}`);
    cursor = page.next;
  } while (cursor !== undefined);
  return pages;
};
