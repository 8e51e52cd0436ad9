import type { Comparison, Filter } from './filter.js';
import { badFilter } from './filter-problem.js';

/**
 * Writes a filter so that {@link parseFilter} reads the same tree again. The empty conjunction, which matches everything,
 * is the empty text; elsewhere an empty list of terms has no written form and is refused.
 */
export const formatFilter = (filter: Filter): string =>
  filter.kind === 'and' && filter.terms.length === 0 ? '' : write(filter, false);

const write = (filter: Filter, nested: boolean): string => {
  if (filter.kind === 'compare') return writeComparison(filter);
  if (filter.kind === 'not') return `NOT ${write(filter.term, true)}`;
  if (filter.terms.length === 0) throw badFilter(`terms in every ${filter.kind}`, 'none');
  if (filter.terms.length === 1) return write(filter.terms[0]!, nested);
  const text = filter.terms.map((term) => write(term, true)).join(filter.kind === 'and' ? ' AND ' : ' OR ');
  return nested ? `(${text})` : text;
};

const writeComparison = ({ field, operator, value }: Comparison): string => {
  if (operator === 'present') return `${field}:*`;
  if (operator === 'starts-with') return `${field} = "${escape(String(value))}*"`;
  const written = typeof value === 'string' ? `"${escape(value).replace(/\*$/, '\\*')}"` : String(value);
  return operator === 'has' ? `${field}:${written}` : `${field} ${operator} ${written}`;
};

const escape = (text: string): string => text.replace(/["\\]/g, '\\$&');
