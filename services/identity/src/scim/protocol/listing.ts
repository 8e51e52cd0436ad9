import { attributesOn, type Resource, type ResourceType } from './attribute.js';
import { type Filter, type Literal, parseFilter } from './filter.js';
import { matches, pathsOf, valuesOn } from './matching.js';
import { isObject, requireSchema, valueCalled } from './reading.js';
import { invalid } from './scim-error.js';
import { type Shown, shownOf } from './showing.js';

/** Most resources in one answer. */
export const MOST_RESULTS = 200;

export const SEARCH_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** What is asked of a list (RFC 7644, section 3.4.2). */
export interface Query extends Shown {
  readonly filter?: Filter;
  readonly sortBy?: string;
  readonly descending: boolean;
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
}

/** @throws ScimError invalidFilter | invalidValue */
export const queryOf = (parameters: URLSearchParams): Query => {
  const given = new Map([...parameters].map(([name, value]) => [name.toLowerCase(), value]));
  const names = (name: string): readonly string[] =>
    (given.get(name) ?? '')
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean);
  const [filter, sortBy] = [given.get('filter'), given.get('sortby')];
  return {
    ...(filter !== undefined && filter !== '' && { filter: parseFilter(filter) }),
    ...(sortBy && { sortBy }),
    descending: given.get('sortorder')?.toLowerCase() === 'descending',
    startIndex: Math.max(1, whole(given.get('startindex'), 1)),
    count: Math.min(MOST_RESULTS, Math.max(0, whole(given.get('count'), MOST_RESULTS))),
    attributes: names('attributes'),
    excludedAttributes: names('excludedattributes'),
  };
};

/** The same, sent in a body (section 3.4.3). @throws ScimError */
export const searchOf = (body: unknown): Query => {
  if (!isObject(body)) throw invalid('invalidSyntax', 'The body has to be a JSON object.');
  requireSchema(body, SEARCH_REQUEST);
  const names = ['filter', 'sortBy', 'sortOrder', 'startIndex', 'count', 'attributes', 'excludedAttributes'];
  const said = names.flatMap((name): [string, string][] => {
    const value = valueCalled(body, name);
    if (value === undefined || value === null) return [];
    return [[name, Array.isArray(value) ? value.join(',') : typeof value === 'string' ? value : JSON.stringify(value)]];
  });
  return queryOf(new URLSearchParams(said));
};

const whole = (text: string | undefined, otherwise: number): number => {
  if (text === undefined || text === '') return otherwise;
  if (/^-?\d{1,9}$/.test(text)) return Number(text);
  throw invalid('invalidValue', '"startIndex" and "count" have to be whole numbers.');
};

/** A resource, and what it is. */
export interface Typed {
  readonly resource: Resource;
  readonly type: ResourceType;
}

/** The answer to a query over all there is. */
export const listOf = (all: readonly Typed[], query: Query): object => {
  const { filter, sortBy, descending, startIndex, count } = query;
  const found = filter ? all.filter(({ resource, type }) => matches(filter, resource, pathsOf(type))) : all;
  const sorted = sortBy === undefined ? found : sortedBy(sortBy, found, descending);
  const page = sorted.slice(startIndex - 1, startIndex - 1 + count);
  return {
    schemas: [LIST_RESPONSE],
    totalResults: found.length,
    startIndex,
    itemsPerPage: page.length,
    Resources: page.map(({ resource, type }) => shownOf(resource, query, type)),
  };
};

/** Those without a value come last, descending first. */
const sortedBy = (path: string, all: readonly Typed[], descending: boolean): readonly Typed[] => {
  const keyed = all.map((each) => ({ each, key: keyOf(path, each) }));
  const order = (one: string | undefined, other: string | undefined): number => {
    if (one === other) return 0;
    if (one === undefined || other === undefined) return one === undefined ? 1 : -1;
    return one < other ? -1 : 1;
  };
  return keyed.sort((one, other) => order(one.key, other.key) * (descending ? -1 : 1)).map(({ each }) => each);
};

const keyOf = (path: string, { resource, type }: Typed): string | undefined => {
  const on = attributesOn(path, type);
  const last = on?.at(-1);
  if (!on || !last) return undefined;
  const values = valuesOn(on, resource);
  const one = last.multiValued
    ? (values.find((value) => isObject(value) && value['primary'] === true) ?? values[0])
    : values[0];
  const text = (isObject(one) ? one['value'] : one) as Literal | undefined;
  if (text === undefined) return undefined;
  return last.caseExact ? String(text) : String(text).toLowerCase();
};
