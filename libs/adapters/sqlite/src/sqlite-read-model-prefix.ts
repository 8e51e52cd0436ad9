import type { Condition } from './sqlite-read-model-equality.js';

/** The first text after all that start with `start`, in the order of code points; undefined when all or none do. */
export const endOfPrefix = (start: string): string | undefined => {
  const points = [...start];
  while (points.length > 0) {
    const last = points.pop()!.codePointAt(0)!;
    if (last < 0x10ffff) return points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
};

/** From `start` on, before `end`: a stretch of an index. */
export const between = (column: string, start: string, end: string): Condition => ({
  sql: `(${column} >= ? AND ${column} < ?)`,
  values: [start, end],
});
