import type { Aggregation, CollectionDeclaration, Group } from '../read-model-store.js';
import { checkFilter } from '../filter/check-filter.js';
import { invalid } from '../filter/filter-problem.js';
import { compareText } from '../filter/search-key.js';
import { fieldType } from './check-query.js';

/** Throws DomainError invalid `bad-groupBy` or `bad-sums` for fields that are unknown or of the wrong type. */
export const checkAggregation = (
  { fields }: CollectionDeclaration,
  aggregation: Aggregation,
): Required<Aggregation> => {
  const { groupBy, sums = [], filter } = aggregation;
  for (const field of groupBy) {
    if (fieldType(fields, field, 'groupBy') === 'texts') {
      throw invalid('groupBy', `The field "${field}" is a list; group by a field with one value.`);
    }
  }
  for (const field of sums) {
    const type = fieldType(fields, field, 'sums');
    if (type !== 'number') throw invalid('sums', `The field "${field}" is ${type}; only numbers add up.`);
  }
  return { groupBy, sums, filter: checkFilter(filter ?? { kind: 'and', terms: [] }, fields) };
};

/** Order of groups: by their keys from the left, texts by code point, missing last. */
export const compareGroups = (left: Group, right: Group): number => {
  for (let i = 0; i < left.key.length; i++) {
    const [a, b] = [left.key[i]!, right.key[i]!];
    if (a === b) continue;
    if (a === null || b === null) return a === null ? 1 : -1;
    const order = typeof a === 'string' ? compareText(a, String(b)) : Number(a) - Number(b);
    if (order !== 0) return order;
  }
  return 0;
};
