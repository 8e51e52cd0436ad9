import { type Attribute, attributesOn, attributesWithin, type Resource, type ResourceType } from './attribute.js';
import type { Filter, Operator } from './filter.js';
import { invalid } from './scim-error.js';

/** How the paths of a filter are understood. */
export type Paths = (path: string) => readonly Attribute[] | undefined;

export const pathsOf =
  (type: ResourceType): Paths =>
  (path) =>
    attributesOn(path, type);

export const pathsWithin =
  ({ subAttributes = [] }: Attribute): Paths =>
  (path) =>
    attributesWithin(path, subAttributes);

/** Whether a resource, or one value of an attribute, is what a filter asks for. An unknown attribute is one without a value. */
export const matches = (filter: Filter, resource: Resource, paths: Paths): boolean => {
  switch (filter.is) {
    case 'and':
      return filter.parts.every((part) => matches(part, resource, paths));
    case 'or':
      return filter.parts.some((part) => matches(part, resource, paths));
    case 'not':
      return !matches(filter.part, resource, paths);
    case 'within': {
      const on = paths(filter.path) ?? [];
      const inner = on.at(-1);
      if (!inner) return false;
      const values = valuesOn(on, resource).filter((value) => typeof value === 'object');
      return values.some((value) => matches(filter.part, value as Resource, pathsWithin(inner)));
    }
    case 'present':
      return comparable(paths(filter.path) ?? [], resource).values.length > 0;
    case 'compared': {
      const { attribute, values } = comparable(paths(filter.path) ?? [], resource);
      return isCompared(filter, attribute, values);
    }
  }
};

/** All values that a path leads to, through those of attributes of several. */
export const valuesOn = (attributes: readonly Attribute[], resource: Resource): readonly unknown[] =>
  attributes.reduce<readonly unknown[]>(
    (values, { name }) => values.map((value) => (value as Resource)[name] ?? []).flat(),
    [resource],
  );

/** An attribute with parts is compared by what it is about: `emails co "example.org"`. */
const comparable = (on: readonly Attribute[], resource: Resource) => {
  const last = on.at(-1);
  const value = last?.subAttributes?.find(({ name }) => name === 'value');
  const full = value ? [...on, value] : on;
  return { attribute: full.at(-1), values: last ? valuesOn(full, resource) : [] };
};

type Compared = Extract<Filter, { is: 'compared' }>;

const isCompared = (
  { by, value, path }: Compared,
  attribute: Attribute | undefined,
  values: readonly unknown[],
): boolean => {
  if (value === null || !attribute) {
    const isAbsent = values.length === 0;
    return by === 'eq' ? value === null && isAbsent : by === 'ne' ? value !== null || !isAbsent : false;
  }
  const isOne = (operator: Operator): boolean =>
    values.some((actual) => compare(operator, comparer(attribute, actual), comparer(attribute, value, path)));
  if (attribute.type === 'boolean' && by !== 'eq' && by !== 'ne')
    throw invalid('invalidFilter', `${path} is true or false: it can be compared with eq and ne.`);
  return by === 'ne' ? !isOne('eq') : isOne(by);
};

type Comparable = string | number | boolean;

/** A value as values of its type are compared. @throws ScimError invalidFilter for a literal that can be none */
const comparer = ({ type, caseExact }: Attribute, value: unknown, path?: string): Comparable => {
  if (type === 'boolean') {
    const truth = String(value).toLowerCase();
    if (truth === 'true' || truth === 'false') return truth;
    throw invalid('invalidFilter', `${path} is true or false, never ${truth.slice(0, 50)}.`);
  }
  const text = String(value);
  if (type !== 'dateTime') return caseExact ? text : text.toLowerCase();
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalid('invalidFilter', `${path} is a time such as 2026-01-31T12:00:00Z.`);
  return time;
};

const compare = (by: Operator, actual: Comparable, asked: Comparable): boolean => {
  switch (by) {
    case 'eq':
      return actual === asked;
    case 'ne':
      return actual !== asked;
    case 'co':
      return String(actual).includes(String(asked));
    case 'sw':
      return String(actual).startsWith(String(asked));
    case 'ew':
      return String(actual).endsWith(String(asked));
    case 'gt':
      return actual > asked;
    case 'ge':
      return actual >= asked;
    case 'lt':
      return actual < asked;
    case 'le':
      return actual <= asked;
  }
};
