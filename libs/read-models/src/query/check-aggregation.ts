import type { Aggregation, CollectionDeclaration, Group } from '../read-model-store.js';
import { invalid } from '../filter/filter-problem.js';
import { compareText } from '../filter/search-key.js';
import type { Scope } from '../scope/scope.js';
import { checkMatching, refuseHidden, type ScopedFilter } from '../scope/scoped-filter.js';
import { fieldType } from './check-query.js';

export interface CheckedAggregation extends ScopedFilter {
  readonly groupBy: readonly string[];
  readonly sums: readonly string[];
}

/**
 * Throws DomainError invalid `bad-groupBy` or `bad-sums` for fields that are unknown or of the wrong type, forbidden
 * `hidden-field`, and what a filter throws.
 */
export const checkAggregation = (
  declaration: CollectionDeclaration,
  scope: Scope,
  aggregation: Aggregation,
): CheckedAggregation => {
  const { fields } = declaration;
  const { groupBy, sums = [] } = aggregation;
  const matching = checkMatching(declaration, scope, aggregation.filter);
  for (const field of groupBy) {
    refuseHidden(scope, field, 'groupBy');
    if (fieldType(fields, field, 'groupBy') === 'texts') {
      throw invalid('groupBy', `The field "${field}" is a list; group by a field with one value.`);
    }
  }
  for (const field of sums) {
    refuseHidden(scope, field, 'sums');
    const type = fieldType(fields, field, 'sums');
    if (type !== 'number') throw invalid('sums', `The field "${field}" is ${type}; only numbers add up.`);
  }
  return { ...matching, groupBy, sums };
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
