import type { Filter } from './filter.js';

/** Fields that every match has in one known value, with the terms that say so. */
export const fixedFields = (filter: Filter | undefined): ReadonlyMap<string, Filter> => {
  const terms = filter?.kind === 'and' ? filter.terms : filter ? [filter] : [];
  const fixed = new Map<string, Filter>();
  for (const term of terms) {
    if (term.kind === 'and') fixedFields(term).forEach((own, field) => fixed.set(field, own));
    if (term.kind === 'compare' && term.operator === '=' && term.value !== null) fixed.set(term.field, term);
  }
  return fixed;
};
