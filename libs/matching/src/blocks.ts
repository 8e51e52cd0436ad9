import type { Matching } from './matching.js';

/**
 * In a block beyond this size (everybody in a city with one street, a birth date that stands for none) each is compared with neighbours in the
 * order of names only: all with all would be billions of comparisons.
 */
const MOST_IN_A_BLOCK = 200;
const NEIGHBOURS = 25;

/** Records, or keys, that are looked at between two rests. */
const STRETCH = 200;

type Places = readonly number[];

/** Records by what they may be found by. */
export class Blocks {
  private constructor(private readonly blocksOf: readonly (readonly Places[])[]) {}

  /** In stretches of a few milliseconds, so that whoever makes them may let others go first. */
  static *made<P>(records: readonly P[], matching: Matching<P>): Generator<undefined, Blocks> {
    const byKey = new Map<string, number[]>();
    for (let place = 0; place < records.length; place++) {
      for (const key of matching.keysOf(records[place]!)) {
        const block = byKey.get(key);
        if (block === undefined) byKey.set(key, [place]);
        else block.push(place);
      }
      if (place % STRETCH === 0) yield;
    }
    const blocksOf: Places[][] = records.map(() => []);
    let looked = 0;
    for (const block of byKey.values()) {
      if (block.length > MOST_IN_A_BLOCK)
        neighbourhoods(block, records, matching).forEach((near, place) => blocksOf[place]!.push(near));
      else if (block.length > 1) for (const place of block) blocksOf[place]!.push(block);
      if (++looked % (STRETCH * 10) === 0) yield;
    }
    return new Blocks(blocksOf);
  }

  /** Lists of places in which that record may stand again, its own among them; they overlap. */
  around(place: number): readonly Places[] {
    return this.blocksOf[place]!;
  }
}

const neighbourhoods = <P>(
  block: Places,
  records: readonly P[],
  matching: Matching<P>,
): ReadonlyMap<number, Places> => {
  const named = block
    .map((place) => ({ place, name: matching.orderOf(records[place]!) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.place - b.place))
    .map(({ place }) => place);
  return new Map(named.map((place, at) => [place, named.slice(Math.max(0, at - NEIGHBOURS), at + 1 + NEIGHBOURS)]));
};
