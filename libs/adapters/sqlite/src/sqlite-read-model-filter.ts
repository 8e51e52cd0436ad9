import { searchKey, type Comparison, type Filter } from '@rapport/read-models';
import { elementStart, elementText, type FieldColumns, type ReadModelColumns } from './sqlite-read-model-columns.js';
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

/** The equalities of one field become one list: a short text, and one that an index can be asked for. */
const alternatives = (terms: readonly Filter[], columns: ReadModelColumns): readonly Condition[] => {
  const conditions: Condition[] = [];
  const listed = new Map<string, Equality['value'][]>();
  for (const term of terms) {
    if (!isEquality(term, columns)) conditions.push(filterCondition(term, columns));
    else if (!listed.get(term.field)?.push(term.value)) listed.set(term.field, [term.value]);
  }
  for (const [field, values] of listed) conditions.push(equalsOneOf(columns.of(field), values));
  return conditions;
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

/** A range, which an index can serve. */
const startsWith = (column: string, start: string, negated: boolean): Condition => {
  const end = endOfPrefix(start);
  if (end === undefined) return negated ? isNull(column, false) : isNull(column, true);
  return negated
    ? { sql: `(${column} IS NULL OR ${column} < ? OR ${column} >= ?)`, values: [start, end] }
    : between(column, start, end);
};
