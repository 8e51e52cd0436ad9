import { Blocks } from './blocks.js';
import type { Match } from './compare.js';
import { type Matching, PEOPLE } from './matching.js';
import type { Profile } from './person.js';

/** Two records by their places in the list that was searched, the first before the second. */
export interface Pair extends Match {
  readonly first: number;
  readonly second: number;
}

/** The pairs among some records. Only those who share a block are compared, each pair once at most. */
export class PairSearch<P> {
  /** By place, the one with which a record was compared last. */
  private readonly comparedWith: Int32Array;

  private constructor(
    private readonly records: readonly P[],
    private readonly matching: Matching<P>,
    private readonly blocks: Blocks,
  ) {
    this.comparedWith = new Int32Array(records.length).fill(-1);
  }

  /** Made in stretches of a few milliseconds: whoever makes it may let others go first in between. */
  static *among<P>(records: readonly P[], matching: Matching<P>): Generator<undefined, PairSearch<P>> {
    return new PairSearch(records, matching, yield* Blocks.made(records, matching));
  }

  /** Pairs of one record with those behind it that score at least so much. */
  *behind(one: number, least: number): Generator<Pair> {
    const { records, matching, comparedWith } = this;
    for (const block of this.blocks.around(one))
      for (const other of block) {
        if (other <= one || comparedWith[other] === one) continue;
        comparedWith[other] = one;
        const match = matching.compare(records[one]!, records[other]!);
        if (match.score >= least) yield { first: one, second: other, ...match };
      }
  }
}

/**
 * The pairs among these people that score at least so much. It is worked out while it is read, so a scan can stop or pause between two
 * pairs.
 */
export function* findPairs(people: readonly Profile[], least: number): Generator<Pair> {
  const making = PairSearch.among(people, PEOPLE);
  let made = making.next();
  while (!made.done) made = making.next();
  for (let one = 0; one < people.length; one++) yield* made.value.behind(one, least);
}
