import { isId } from '@rapport/kernel';
import { type Document, type Documents, type Filter, and, or, type Scope, where } from '@rapport/read-models';
import type { Similarity } from '../engine/import-kind.js';
import type { FoundRecords } from './found-records.js';
import { leading } from './leading.js';

type Named = Document & { readonly name: string; readonly externalId?: string; readonly archived: boolean };

/** Words asked for at a time, so that one query stays small. */
const AT_ONCE = 100;
const PAGE = 1000;
const FEW = 5;

/**
 * Ids of the records that words of a file mean: by Rapport's id, else by the key in another system, else by name; archived
 * ones only where no other is meant. What was merged is meant as the record that it is a part of. Words that mean nothing are left out.
 */
export const findByWord = async (
  collection: Documents<Named>,
  scope: Scope,
  words: readonly string[],
): Promise<FoundRecords> => {
  const found = new Map<string, readonly string[]>();
  for (let from = 0; from < words.length; from += AT_ONCE) {
    const some = words.slice(from, from + AT_ONCE);
    const meant = new Meanings(await all(collection, scope, or(...some.flatMap(meaning))));
    for (const word of some) {
      const ids = meant.by(word);
      if (ids.length > 0) found.set(word, ids);
    }
  }
  return leading(collection, scope, found);
};

const meaning = (word: string): Filter[] => [
  where('name', '=', word),
  where('externalId', '=', word),
  ...(isId(word) ? [where('id', '=', word)] : []),
];

/** What words mean among a few records. */
class Meanings {
  readonly #byId: ReadonlySet<string>;
  readonly #live = { externalId: new Map<string, string[]>(), name: new Map<string, string[]>() };
  readonly #archived = { externalId: new Map<string, string[]>(), name: new Map<string, string[]>() };

  constructor(records: readonly Named[]) {
    this.#byId = new Set(records.map(({ id }) => id));
    for (const { id, name, externalId, archived } of inOrder(records)) {
      const known = archived ? this.#archived : this.#live;
      add(known.name, name, id);
      if (externalId !== undefined) add(known.externalId, externalId, id);
    }
  }

  by(word: string): readonly string[] {
    if (this.#byId.has(word)) return [word];
    const tables = [this.#live.externalId, this.#live.name, this.#archived.externalId, this.#archived.name];
    return tables.find((table) => table.has(word))?.get(word) ?? [];
  }
}

/** Ids by the value of one field, for those values that a record has; archived ones only where no other has it. */
export const findByField = async <D extends Document & { readonly archived: boolean }>(
  collection: Documents<D>,
  scope: Scope,
  field: keyof D & string,
  values: readonly string[],
): Promise<FoundRecords> => {
  const live = new Map<string, string[]>();
  const archived = new Map<string, string[]>();
  for (let from = 0; from < values.length; from += AT_ONCE) {
    const filter = or(...values.slice(from, from + AT_ONCE).map((value) => where(field, '=', value)));
    for (const record of inOrder(await all(collection, scope, filter)))
      add(record.archived ? archived : live, record[field] as string, record.id);
  }
  return leading(collection, scope, new Map([...archived, ...live]));
};

/** What records hold in a field, by their ids, for those that hold something there. */
export const valuesById = async <D extends Document>(
  collection: Documents<D>,
  scope: Scope,
  ids: readonly string[],
  field: keyof D & string,
): Promise<ReadonlyMap<string, string>> => {
  const values = new Map<string, string>();
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const filter = or(...ids.slice(from, from + AT_ONCE).map((id) => where('id', '=', id)));
    for (const record of await all(collection, scope, filter))
      if (typeof record[field] === 'string') values.set(record.id, record[field]);
  }
  return values;
};

/** The oldest first. */
const inOrder = <D extends Document>(records: readonly D[]): readonly D[] =>
  [...records].sort((one, other) => (one.id < other.id ? -1 : 1));

const add = (table: Map<string, string[]>, key: string, id: string): void => {
  const known = table.get(key);
  if (known) known.push(id);
  else table.set(key, [id]);
};

/** A few of the records that are not archived and that a filter finds, for each of several filters. */
const someLike = async (
  collection: Documents<Document & { readonly archived: boolean }>,
  scope: Scope,
  filters: ReadonlyMap<string, Filter>,
): Promise<FoundRecords> => {
  const found = await Promise.all(
    [...filters].map(async ([key, filter]) => {
      const { documents } = await collection.query(scope, {
        filter: and(filter, where('archived', '=', false)),
        limit: FEW,
      });
      return [key, documents.map(({ id }) => id)] as const;
    }),
  );
  return new Map(found.filter(([, ids]) => ids.length > 0));
};

/** Records are alike that have all of some names: those of a person are two. */
export const sameNames = (
  collection: () => Documents<Document & { readonly archived: boolean }>,
  fields: readonly string[] = ['name'],
): Similarity => ({
  by: (row) => {
    const names = fields.map((field) => row[field]);
    return names.every((name) => typeof name === 'string') ? JSON.stringify(names) : undefined;
  },
  find: (scope, common) => {
    const filterOf = (names: readonly string[]) => and(...fields.map((field, n) => where(field, '=', names[n]!)));
    const filters = common.map((names) => [names, filterOf(JSON.parse(names) as string[])] as const);
    return someLike(collection(), scope, new Map(filters));
  },
});

/** Some names of records that are not archived, to tell what a wrong one may have meant. */
export const someNames = async (collection: Documents<Named>, scope: Scope): Promise<readonly string[]> => {
  const filter = where('archived', '=', false);
  const { documents } = await collection.query(scope, { filter, sort: [{ field: 'name' }], limit: PAGE });
  return documents.map(({ name }) => name);
};

const all = async <D extends Document>(collection: Documents<D>, scope: Scope, filter: Filter): Promise<D[]> => {
  const documents: D[] = [];
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page = await collection.query(scope, { filter, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    documents.push(...page.documents);
    cursor = page.next;
  }
  return documents;
};
