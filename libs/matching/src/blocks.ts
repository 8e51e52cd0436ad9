import { blockKeys } from './block-keys.js';
import type { Profile } from './person.js';

/**
 * In a block beyond this size (everybody in a city with one street, a birth date that stands for none) each is compared with neighbours in the
 * order of names only: all with all would be billions of comparisons.
 */
const MOST_IN_A_BLOCK = 200;
const NEIGHBOURS = 25;

/** People by what they may be found by. */
export class Blocks {
  private constructor(private readonly blocksOf: readonly (readonly (readonly number[])[])[]) {}

  static of(people: readonly Profile[]): Blocks {
    const byKey = new Map<string, number[]>();
    people.forEach((person, place) => {
      for (const key of blockKeys(person)) {
        const block = byKey.get(key);
        if (block === undefined) byKey.set(key, [place]);
        else block.push(place);
      }
    });
    const blocksOf: (readonly number[])[][] = people.map(() => []);
    for (const block of byKey.values()) {
      if (block.length > MOST_IN_A_BLOCK)
        neighbourhoods(block, people).forEach((near, place) => blocksOf[place]!.push(near));
      else if (block.length > 1) for (const place of block) blocksOf[place]!.push(block);
    }
    return new Blocks(blocksOf);
  }

  /** Lists of places in which that person's record may stand again, its own among them; they overlap. */
  around(place: number): readonly (readonly number[])[] {
    return this.blocksOf[place]!;
  }
}

const neighbourhoods = (
  block: readonly number[],
  people: readonly Profile[],
): ReadonlyMap<number, readonly number[]> => {
  const named = block
    .map((place) => ({ place, name: orderOf(people[place]!) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.place - b.place))
    .map(({ place }) => place);
  return new Map(named.map((place, at) => [place, named.slice(Math.max(0, at - NEIGHBOURS), at + 1 + NEIGHBOURS)]));
};

/** Names in the order of the alphabet, so that it does not matter which of the two fields one stands in. */
const orderOf = ({ first, last, born }: Profile): string => [first.whole, last.whole].sort().join(' ') + born;
