/** The candidate with the fewest edits to the name; undefined when even that is more than a third of it. */
export const closest = (name: string, candidates: readonly string[]): string | undefined => {
  let best: string | undefined;
  let fewest = Math.floor(name.length / 3);
  for (const candidate of candidates) {
    const edits = editsBetween(name, candidate);
    if (edits > fewest || (edits === fewest && best !== undefined)) continue;
    best = candidate;
    fewest = edits;
  }
  return best;
};

/** Levenshtein distance: letters inserted, left out or changed. */
export const editsBetween = (one: string, other: string): number => {
  let previous = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const changed = previous[column - 1]! + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min(changed, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[other.length]!;
};
