/** A document of a question: MongoDB's own words, as they went to the server. */
type Words = Readonly<Record<string, unknown>>;

/** A question as it went to the server. */
export interface Question {
  readonly filter: Words;
  readonly sort: Words;
}

export type Order = readonly (readonly [path: string, direction: number])[];

/** `find`, or `aggregate` of `$match`, perhaps further fields, `$sort` and `$limit`. */
export const questionIn = (command: Words): Question => {
  if (command['find'] !== undefined) return { filter: wordsOf(command['filter']), sort: wordsOf(command['sort']) };
  const stages = (command['pipeline'] as readonly Words[]).flatMap((stage) => Object.entries(stage));
  const { $match, $sort } = Object.fromEntries(stages);
  return { filter: wordsOf($match), sort: wordsOf($sort) };
};

/** The driver keeps an order as a map. */
const wordsOf = (said: unknown): Words =>
  said instanceof Map ? (Object.fromEntries(said) as Words) : ((said ?? {}) as Words);

/**
 * The index along which a question is answered without sorting, as MongoDB's manual has it ("Use Indexes to Sort Query
 * Results"): fields before those of the sort are fixed by equality, and the rest is the sort's order or its reverse.
 */
export const walkedBy = ({ filter, sort }: Question, indexes: readonly Order[]): Order | undefined => {
  const fixed = fixedIn(filter);
  const wanted = Object.entries(sort).filter(([path]) => !fixed.has(path));
  return indexes.find((index) => {
    const rest = index.filter(([path]) => !fixed.has(path));
    const ordered = wanted.every(([path], i) => rest[i]?.[0] === path);
    const turns = new Set(wanted.map(([, direction], i) => Number(direction) * (rest[i]?.[1] ?? 0)));
    return fixed.has(index[0]![0]) && ordered && turns.size <= 1;
  });
};

/** Whether an index leads to the values that the filter asks for; that somebody is not archived narrows too little. */
export const foundBy = ({ filter }: Pick<Question, 'filter'>, indexes: readonly Order[]): boolean => {
  const leading = new Set(indexes.map(([, second]) => second?.[0]).filter((path) => path !== 'keys.archived'));
  const terms = termsOf(filter);
  const alternatives = terms.flatMap(({ $or }) => ($or ? [$or as readonly Words[]] : []));
  return (
    [...fixedIn(filter)].some((path) => leading.has(path)) ||
    alternatives.some((any) => any.every((each) => foundBy({ filter: each }, indexes)))
  );
};

/** Whether it asks for no more than lies before a value of the field that it is sorted by first. */
export const isBounded = ({ filter, sort }: Question): boolean => {
  const [[first, direction] = []] = Object.entries(sort);
  return termsOf(filter).some((term) => {
    const wanted = (first === undefined ? undefined : term[first]) as Words | undefined;
    return wanted?.[direction === 1 ? '$lte' : '$gte'] !== undefined;
  });
};

/** Paths that every match has in one value. */
const fixedIn = (filter: Words): ReadonlySet<string> =>
  new Set(termsOf(filter).flatMap((term) => Object.keys(term).filter((path) => isOneValue(term[path]))));

/** All of which hold. */
const termsOf = (filter: Words): readonly Words[] =>
  filter['$and'] === undefined ? [filter] : (filter['$and'] as readonly Words[]).flatMap(termsOf);

const isOneValue = (wanted: unknown): boolean => {
  if (typeof wanted !== 'object' || wanted === null) return true;
  const { $eq, $in } = wanted as Words;
  return $eq !== undefined || (Array.isArray($in) && $in.length === 1);
};
