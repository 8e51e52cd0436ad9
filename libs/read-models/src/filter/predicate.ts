import type { CollectionDeclaration, FieldType } from '../read-model-store.js';
import { checkFilter, type Fields } from './check-filter.js';
import { fieldReader, type FieldValue } from './field-value.js';
import type { Comparison, Filter, FilterValue } from './filter.js';
import { compareText, searchKey } from './search-key.js';

export type Predicate = (document: object) => boolean;
type Test = (value: FieldValue) => boolean;

/** Whether one document matches. For many documents compile once with {@link predicate}. */
export const matches = (
  filter: Filter,
  document: object,
  declaration: Pick<CollectionDeclaration, 'fields'>,
): boolean => predicate(filter, declaration.fields)(document);

/**
 * Compiles a filter; its answers are what every engine must give. Logic is two-valued, NOT is a plain complement:
 *
 * | operator | a field with a value | a missing field |
 * |---|---|---|
 * | `=`, `<`, `<=`, `>`, `>=` with a value | compares; texts by code point | false |
 * | `!=` with a value | not equal | true |
 * | `= null`, `!= null` | false, true | true, false |
 * | `has` | text contains, list has the element; both without regard to case and accents | false |
 * | `starts-with` | text (or an element of a list) starts with it, without regard to case and accents | false |
 * | `present` | true | false |
 *
 * On a list `=` means that one element is exactly that, `!=` that none is. Missing are: absent, null, of another type than
 * declared, the empty list. The empty text is a value. `and` of nothing is true, `or` of nothing false.
 */
export const predicate = (filter: Filter, fields: Fields): Predicate => compile(checkFilter(filter, fields), fields);

/** Of a filter that was checked. */
export const compile = (filter: Filter, fields: Fields): Predicate => {
  if (filter.kind === 'compare') return compileComparison(filter, fields[filter.field]!);
  if (filter.kind === 'not') {
    const term = compile(filter.term, fields);
    return (document) => !term(document);
  }
  const terms = filter.terms.map((term) => compile(term, fields));
  return filter.kind === 'and'
    ? (document) => terms.every((term) => term(document))
    : (document) => terms.some((term) => term(document));
};

const compileComparison = (comparison: Comparison, type: FieldType): Predicate => {
  const read = fieldReader(comparison.field, type);
  const test = testOf(comparison, type);
  return (document) => test(read(document));
};

const testOf = ({ operator, value }: Comparison, type: FieldType): Test => {
  if (operator === 'present') return (found) => found !== null;
  if (operator === '!=') {
    const equal = testOf({ kind: 'compare', field: '', operator: '=', value }, type);
    return (found) => !equal(found);
  }
  if (value === null) return (found) => found === null;
  const test = VALUE_TESTS[operator](value, type);
  if (type !== 'texts') return (found) => found !== null && test(found);
  return (found) => found !== null && (found as readonly string[]).some(test);
};

const ordered =
  (accepts: (order: number) => boolean) =>
  (value: string | number | boolean): Test =>
    typeof value === 'string'
      ? (found) => accepts(compareText(found as string, value))
      : (found) => accepts(Number(found) - Number(value));

const VALUE_TESTS: Readonly<
  Record<Exclude<Comparison['operator'], 'present' | '!='>, (value: NonNullable<FilterValue>, type: FieldType) => Test>
> = {
  '=': (value) => (found) => found === value,
  '<': ordered((order) => order < 0),
  '<=': ordered((order) => order <= 0),
  '>': ordered((order) => order > 0),
  '>=': ordered((order) => order >= 0),
  has: (value, type) => {
    const key = searchKey(String(value));
    return type === 'texts'
      ? (found) => searchKey(found as string) === key
      : (found) => searchKey(found as string).includes(key);
  },
  'starts-with': (value) => {
    const key = searchKey(String(value));
    return (found) => searchKey(found as string).startsWith(key);
  },
};
