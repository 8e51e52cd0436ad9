import type { Bench, Row } from './row.js';

/** How measurements are taken. Times are of `performance.now()`. */
export interface Taking {
  readonly only: string | undefined;
  /** What has not begun by then is left out, so that a run on a slow machine ends too. */
  readonly beginBy: number;
  /** What has not ended by then is given up, with all that would come after it. Default never. */
  readonly endBy?: number;
  /** Hears of every row as soon as it is there. */
  readonly took: (row: Row) => void;
  readonly broke: (name: string, failure: unknown) => void;
}

const TOO_LONG = 'not measured: the run took too long';

/** Takes the measurements one after the other. What breaks is told, and the others are taken nevertheless. */
export const take = async <Place>(
  benches: readonly Bench<Place>[],
  place: Place,
  { only, beginBy, endBy = Infinity, took, broke }: Taking,
): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  for (const { name, measure } of benches) {
    if (only !== undefined && only !== name) continue;
    try {
      const measured = performance.now() < beginBy ? await within(endBy, measure(place)) : undefined;
      const seen = measured ?? [{ what: name, figure: TOO_LONG, limit: '', aim: '', notes: [] }];
      rows.push(...seen);
      seen.forEach(took);
    } catch (failure) {
      broke(name, failure);
    }
    if (performance.now() > endBy) break;
  }
  return rows;
};

/** Undefined when it is not there in time. */
const within = async <T>(end: number, work: Promise<T>): Promise<T | undefined> => {
  if (end === Infinity) return work;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const late = setTimeout(() => resolve(undefined), Math.max(0, end - performance.now()));
  work.catch(() => undefined);
  return Promise.race([work, promise]).finally(() => clearTimeout(late));
};
