import { Blocks } from './blocks.js';
import { compare, type Match } from './compare.js';
import type { Profile } from './person.js';

/** Two records by their places in the list that was searched, the first before the second. */
export interface Pair extends Match {
  readonly first: number;
  readonly second: number;
}

/**
 * The pairs among these people that score at least so much. Only those who share a block are compared, each pair once at most. It is worked
 * out while it is read, so a scan can stop or pause between two pairs.
 */
export function* findPairs(people: readonly Profile[], least: number): Generator<Pair> {
  const blocks = Blocks.of(people);
  /** By place, the one with whom somebody was compared last. */
  const comparedWith = new Int32Array(people.length).fill(-1);
  for (let one = 0; one < people.length; one++) {
    for (const block of blocks.around(one))
      for (const other of block) {
        if (other <= one || comparedWith[other] === one) continue;
        comparedWith[other] = one;
        const match = compare(people[one]!, people[other]!);
        if (match.score >= least) yield { first: one, second: other, ...match };
      }
  }
}
