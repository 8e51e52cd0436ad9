import type { CollectionDeclaration, FieldType, Query, Sort } from '../read-model-store.js';
import { closestNames } from '../filter/closest-names.js';
import { invalid } from '../filter/filter-problem.js';
import { sortReader } from '../filter/field-value.js';
import type { Scope } from '../scope/scope.js';
import { checkMatching, refuseHidden, type ScopedFilter } from '../scope/scoped-filter.js';
import { decodeCursor, encodeCursor, type CursorPlace } from './cursor.js';

/** A query that an engine can run as it is: names known and not hidden, values typed, cursor opened. */
export interface CheckedQuery extends ScopedFilter {
  readonly sort: readonly CheckedSort[];
  /** Direction of the last resort, `id`: that of the last sort key, so that one index serves both directions. */
  readonly idDescending: boolean;
  readonly limit: number;
  /** Whether all that match are to be counted as well. */
  readonly total: boolean;
  /** Documents strictly after this place. */
  readonly after: CursorPlace | undefined;
  /** The cursor for what follows this document. */
  cursorAfter(document: { readonly id: string }): string;
}

export interface CheckedSort {
  readonly field: string;
  readonly type: FieldType;
  readonly descending: boolean;
}

export const MOST_PER_PAGE = 1000;

/**
 * Checks a query against its collection and its reader's scope. A cursor belongs to what was asked, not to the rows in
 * sight: it goes on where rights have changed in between, and shows what they are then. Throws DomainError invalid
 * `bad-filter`, `bad-sort`, `bad-limit`, `bad-cursor`; forbidden `hidden-field`; internal `bad-scope`.
 */
export const checkQuery = (declaration: CollectionDeclaration, scope: Scope, query: Query): CheckedQuery => {
  const { limit, cursor } = query;
  const { tenant, own, filter } = checkMatching(declaration, scope, query.filter);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_PER_PAGE) {
    throw invalid('limit', `A page has 1 to ${MOST_PER_PAGE} documents, not ${limit}.`);
  }
  const sort = checkSort(declaration, scope, query.sort ?? []);
  const asked = JSON.stringify([tenant, declaration.name, own ?? null, sort]);
  return {
    tenant,
    own,
    filter,
    sort,
    idDescending: sort.at(-1)?.descending ?? false,
    limit,
    total: query.total ?? false,
    after: cursor === undefined ? undefined : decodeCursor(asked, sort.length, cursor),
    cursorAfter: (document) => {
      const values = sort.map(({ field, type }) => sortReader(field, type)(document));
      return encodeCursor(asked, { values, id: document.id });
    },
  };
};

/** A field that comes again decides nothing and is dropped. */
const checkSort = ({ fields }: CollectionDeclaration, scope: Scope, sort: readonly Sort[]): readonly CheckedSort[] => {
  const checked = new Map<string, CheckedSort>();
  for (const { field, descending = false } of sort) {
    const type = fieldType(fields, field, 'sort');
    refuseHidden(scope, field, 'sort');
    if (type === 'texts') throw invalid('sort', `The field "${field}" is a list and has no order. Sort by another.`);
    if (!checked.has(field)) checked.set(field, { field, type, descending });
  }
  return [...checked.values()];
};

/** The declared type of a field, or invalid `bad-<part>` with the known names, likeliest first. */
export const fieldType = (fields: CollectionDeclaration['fields'], field: string, part: string): FieldType => {
  const type = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (type !== undefined) return type;
  const known = closestNames(field, Object.keys(fields)).join(', ');
  throw invalid(part, `There is no field "${field}". Known are ${known}.`);
};
