/**
 * Whether two texts differ by exactly one slip: a character more, fewer or another, or two neighbours the other way round.
 * False where they are equal.
 */
export const oneSlipApart = (one: string, other: string): boolean => {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1 || short === long) return false;
  let from = 0;
  while (from < short.length && short[from] === long[from]) from++;
  const rest = (text: string, skipped: number): string => text.slice(from + skipped);
  if (long.length > short.length) return rest(short, 0) === rest(long, 1);
  const turned = short[from] === long[from + 1] && short[from + 1] === long[from];
  return rest(short, 1) === rest(long, 1) || (turned && rest(short, 2) === rest(long, 2));
};
