import { blockKeys } from './block-keys.js';
import { compare, type Match } from './compare.js';
import type { Profile } from './person.js';

/** How records of one kind are found again and compared. */
export interface Matching<P> {
  /** What one may be found by; two without a key in common are never compared. */
  keysOf(record: P): readonly string[];
  /** A text by which records that are alike stand near each other. */
  orderOf(record: P): string;
  /** It does not matter which of the two is asked about the other. */
  compare(one: P, other: P): Match;
}

/** Names in the order of the alphabet, so that it does not matter which of the two fields one stands in. */
const orderOf = ({ first, last, born }: Profile): string => [first.whole, last.whole].sort().join(' ') + born;

export const PEOPLE: Matching<Profile> = { keysOf: blockKeys, orderOf, compare };
