/** Generous: network engines take seconds to share partitions. */
export const LONG = 60_000;

/** '0', '1', … */
export const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n));

/** The values that were seen for a key, from `key:value` entries. */
export const ofKey = (seen: readonly string[], key: string): string[] =>
  seen.filter((entry) => entry.startsWith(`${key}:`)).map((entry) => entry.slice(key.length + 1));
