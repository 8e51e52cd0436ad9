import type { Span } from './span.js';

export interface TimedSpan extends Span {
  /** What it took itself: without the spans that it waited for. Milliseconds. */
  readonly self: number;
}

/**
 * Takes from each span what its children took. Children run one after the other here, and may be in another process, whose
 * clock need not be ours: only durations are compared. What goes on later is nobody's waiting.
 */
export const timed = (spans: readonly Span[]): readonly TimedSpan[] => {
  const waited = new Map<string, number>();
  for (const { trace, parent, later, milliseconds } of spans) {
    if (parent === undefined || later) continue;
    const key = `${trace}/${parent}`;
    waited.set(key, (waited.get(key) ?? 0) + milliseconds);
  }
  return spans.map((span) => ({
    ...span,
    self: Math.max(0, span.milliseconds - (waited.get(`${span.trace}/${span.id}`) ?? 0)),
  }));
};

/** Milliseconds from the end of the one span to the begin of the other, in each trace that has both. */
export const gaps = (spans: readonly Span[], from: string, to: string): readonly number[] => {
  const ends = new Map<string, number>();
  for (const { trace, name, start, milliseconds } of spans) {
    if (isNamed(name, from)) ends.set(trace, start + milliseconds);
  }
  return spans.flatMap(({ trace, name, start }) => {
    const end = ends.get(trace);
    return end === undefined || !isNamed(name, to) ? [] : [Math.max(0, start - end)];
  });
};

/** `append` names `append`, and `publish` names `publish rapport.contacts.v1`. */
export const isNamed = (name: string, wanted: string): boolean => name === wanted || name.startsWith(`${wanted} `);
