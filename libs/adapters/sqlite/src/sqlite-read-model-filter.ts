import { searchKey, type Comparison, type Filter } from '@rapport/read-models';
import type { ReadModelColumns } from './sqlite-read-model-columns.js';
import type { FieldColumns } from './sqlite-read-model-field-columns.js';
import { elementStart, elementText } from './sqlite-read-model-lists.js';
import { equalsOneOf, isEquality, type Condition, type Equality } from './sqlite-read-model-equality.js';
import { between, endOfPrefix } from './sqlite-read-model-prefix.js';

/**
 * A checked filter as SQL. NOT is pushed down to the comparisons, whose complements spell out what a missing field
 * means, so that SQL's third truth value never decides: a NULL in a conjunction or disjunction without NOT is a "no".
 */
export const filterCondition = (filter: Filter, columns: ReadModelColumns, negated = false): Condition => {
  if (filter.kind === 'not') return filterCondition(filter.term, columns, !negated);
  if (filter.kind === 'compare') return comparison(filter, columns.of(filter.field), negated);
  if (filter.kind === 'or' && !negated) return join(alternatives(filter.terms, columns), 'OR');
  const terms = filter.terms.map((term) => filterCondition(term, columns, negated));
  return join(terms, (filter.kind === 'and') !== negated ? 'AND' : 'OR');
};

/**
 * The equalities of one field become one list: a short text, and one that an index can be asked for. They come first, since
 * they are told soonest. So do the elements that a list may have.
 */
const alternatives = (terms: readonly Filter[], columns: ReadModelColumns): readonly Condition[] => {
  const equal = new Map<string, Equality['value'][]>();
  const elements = new Map<string, string[]>();
  const others: Condition[] = [];
  for (const term of terms) {
    const element = elementOf(term, columns);
    if (isEquality(term, columns)) add(equal, term.field, term.value);
    else if (element) add(elements, element.column, element.text);
    else others.push(filterCondition(term, columns));
  }
  return [
    ...[...equal].map(([field, values]) => equalsOneOf(columns.of(field), values)),
    ...[...elements].map(([column, texts]) => containsOneOf(column, texts)),
    ...others,
  ];
};

const add = <T>(lists: Map<string, T[]>, field: string, value: T): void => {
  const list = lists.get(field);
  if (list) list.push(value);
  else lists.set(field, [value]);
};

/** What a list's column contains where an element is this one; undefined for any other term. */
const elementOf = (
  term: Filter,
  columns: ReadModelColumns,
): { readonly column: string; readonly text: string } | undefined => {
  if (term.kind !== 'compare' || term.value === null) return undefined;
  const { type, value, key } = columns.of(term.field);
  if (type !== 'texts') return undefined;
  if (term.operator === '=') return { column: value, text: elementText(String(term.value)) };
  return term.operator === 'has' ? { column: key, text: elementText(searchKey(String(term.value))) } : undefined;
};

/** As a balanced tree: SQLite bounds the depth of an expression, and a long row of terms is a deep one. */
export const join = (terms: readonly Condition[], operator: 'AND' | 'OR'): Condition => {
  if (terms.length === 0) return { sql: operator === 'AND' ? 'TRUE' : 'FALSE', values: [] };
  if (terms.length === 1) return terms[0]!;
  const middle = terms.length >> 1;
  const [left, right] = [join(terms.slice(0, middle), operator), join(terms.slice(middle), operator)];
  return { sql: `(${left.sql} ${operator} ${right.sql})`, values: left.values.concat(right.values) };
};

const comparison = ({ operator, value }: Comparison, column: FieldColumns, negated: boolean): Condition => {
  const { value: exact, key, type } = column;
  if (operator === 'present') return isNull(exact, !negated);
  if (operator === '!=') return comparison({ kind: 'compare', field: '', operator: '=', value }, column, !negated);
  if (value === null) return isNull(exact, negated);
  const bound = typeof value === 'boolean' ? Number(value) : value;
  if (type === 'texts') return listComparison(operator, String(value), column, negated);
  if (operator === 'has') return contains(key, searchKey(String(value)), negated);
  if (operator === 'starts-with') return startsWith(key, searchKey(String(value)), negated);
  if (operator !== '=') {
    return negated
      ? { sql: `(${exact} IS NULL OR ${exact} ${COMPLEMENT[operator]} ?)`, values: [bound] }
      : { sql: `${exact} ${operator} ?`, values: [bound] };
  }
  if (negated) return { sql: `${exact} IS NOT ?`, values: [bound] };
  return equalsOneOf(column, [value]);
};

const COMPLEMENT = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;

const isNull = (column: string, not: boolean): Condition => ({
  sql: `${column} IS ${not ? 'NOT ' : ''}NULL`,
  values: [],
});

const listComparison = (
  operator: Comparison['operator'],
  value: string,
  { value: exact, key }: FieldColumns,
  negated: boolean,
): Condition => {
  if (operator === '=') return contains(exact, elementText(value), negated);
  return contains(key, operator === 'has' ? elementText(searchKey(value)) : elementStart(searchKey(value)), negated);
};

const contains = (column: string, part: string, negated: boolean): Condition =>
  negated
    ? { sql: `(${column} IS NULL OR instr(${column}, ?) = 0)`, values: [part] }
    : { sql: `instr(${column}, ?) > 0`, values: [part] };

/** One parameter, however many: with whom a record is shared is compared with hundreds of teams. */
const containsOneOf = (column: string, parts: readonly string[]): Condition =>
  parts.length === 1
    ? contains(column, parts[0]!, false)
    : {
        // What stands without a table is looked at once, however many parts are looked for in it.
        sql: `EXISTS (SELECT 1 FROM (SELECT ${column} AS list) JOIN json_each(?) WHERE instr(list, value) > 0)`,
        values: [JSON.stringify(parts)],
      };

/** A range, which an index can serve. */
const startsWith = (column: string, start: string, negated: boolean): Condition => {
  const end = endOfPrefix(start);
  if (end === undefined) return negated ? isNull(column, false) : isNull(column, true);
  return negated
    ? { sql: `(${column} IS NULL OR ${column} < ? OR ${column} >= ?)`, values: [start, end] }
    : between(column, start, end);
};
