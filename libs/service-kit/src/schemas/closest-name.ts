/** The name that was probably meant, or none when nothing is near. */
export const closestName = (written: string, names: readonly string[]): string | undefined => {
  if (written.length > LONGEST) return undefined;
  const lower = written.toLowerCase();
  let best: { name: string; distance: number } | undefined;
  for (const name of names) {
    const distance = editDistance(lower, name.toLowerCase());
    if (distance <= Math.max(name.length > 3 ? 2 : 1, name.length / 3) && distance < (best?.distance ?? Infinity))
      best = { name, distance };
  }
  return best?.name;
};

/** Longer words are no typing errors. */
const LONGEST = 64;

/** Insertions, deletions and replacements between two words (Levenshtein). */
const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
};
