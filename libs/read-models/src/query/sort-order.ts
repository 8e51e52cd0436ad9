import { compareText } from '../filter/search-key.js';
import type { SortValue } from '../filter/field-value.js';
import type { CheckedQuery } from './check-query.js';
import type { CursorPlace } from './cursor.js';

/** The order of a query's documents: each key in its direction, missing last in both, then `id`. */
export const placeOrder = ({ sort, idDescending }: CheckedQuery): ((a: CursorPlace, b: CursorPlace) => number) => {
  const directions = sort.map(({ descending }) => (descending ? -1 : 1));
  return (a, b) => {
    for (let i = 0; i < directions.length; i++) {
      const order = compareKeys(a.values[i]!, b.values[i]!, directions[i]!);
      if (order !== 0) return order;
    }
    return compareText(a.id, b.id) * (idDescending ? -1 : 1);
  };
};

const compareKeys = (a: SortValue, b: SortValue, direction: number): number => {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return direction * (typeof a === 'string' ? compareText(a, String(b)) : Number(a) - Number(b));
};
