import { isId } from '@rapport/kernel';
import { type Document, type Documents, type Filter, or, type Scope, where } from '@rapport/read-models';

type Named = Document & { readonly name: string; readonly externalId?: string; readonly archived: boolean };

/** Words asked for at a time, so that one query stays small. */
const AT_ONCE = 100;
const PAGE = 1000;

/**
 * Ids of the records that words of a file mean: by Rapport's id, else by the key in another system, else by name; of two
 * with the same name the one that is not archived, else the older one. Words that mean nothing are left out.
 */
export const findByWord = async (
  collection: Documents<Named>,
  scope: Scope,
  words: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  for (let from = 0; from < words.length; from += AT_ONCE) {
    const some = words.slice(from, from + AT_ONCE);
    const documents = await all(collection, scope, or(...some.flatMap(meaning)));
    documents.sort((left, right) => Number(left.archived) - Number(right.archived) || (left.id < right.id ? -1 : 1));
    for (const word of some) {
      const match =
        documents.find(({ id }) => id === word) ??
        documents.find(({ externalId }) => externalId === word) ??
        documents.find(({ name }) => name === word);
      if (match) found.set(word, match.id);
    }
  }
  return found;
};

const meaning = (word: string): Filter[] => [
  where('name', '=', word),
  where('externalId', '=', word),
  ...(isId(word) ? [where('id', '=', word)] : []),
];

/** Ids by the value of one field, for those values that a record has; the oldest record of a value counts. */
export const findByField = async <D extends Document>(
  collection: Documents<D>,
  scope: Scope,
  field: keyof D & string,
  values: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  for (let from = 0; from < values.length; from += AT_ONCE) {
    const filter = or(...values.slice(from, from + AT_ONCE).map((value) => where(field, '=', value)));
    for (const document of await all(collection, scope, filter)) {
      const value = document[field] as string;
      if (!found.has(value)) found.set(value, document.id);
    }
  }
  return found;
};

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
