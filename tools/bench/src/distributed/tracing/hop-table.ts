import { median } from '../../report/figures.js';
import type { Table } from '../../row.js';
import type { Asked } from './asked.js';
import { gaps, timed, type TimedSpan } from './self-times.js';
import type { Span } from './span.js';

/** Medians of one kind of span, milliseconds. */
export interface Hop {
  readonly count: number;
  /** Absent of what is no work: a wait. */
  readonly self?: number;
  readonly whole: number;
}

/** What one assembly made of the requests, by the titles of the table. */
export type Hops = ReadonlyMap<string, Hop>;

/** Kinds of spans, in the order in which a request meets them. What is missing in both assemblies is left out. */
const IN_CREATE = ['request', 'http', 'call', 'serve', 'command', 'append', 'publish', 'consume'];
const IN_LIST = ['request', 'http', 'call', 'serve'];
/** Not part of a request: their traces begin with a page of events. */
const BEHIND = ['follow', 'project'];
const WAITS = [
  ['append', 'publish'],
  ['publish', 'consume'],
] as const;

export const hopsIn = (spans: readonly Span[], { creates, lists }: Asked): Hops => {
  const hops = new Map<string, Hop>();
  const [inCreate, inList] = [partOf(spans, creates), partOf(spans, lists)];
  const add = (title: string, found: readonly TimedSpan[]): void => {
    if (found.length > 0) hops.set(title, hopOf(found));
  };
  for (const kind of IN_CREATE) add(`create: ${kind}`, ofKind(inCreate, kind));
  for (const [from, to] of WAITS) {
    const waits = gaps(inCreate, from, to);
    if (waits.length > 0) hops.set(`create: from ${from} to ${to}`, waitOf(waits));
  }
  for (const kind of BEHIND) {
    for (const [title, found] of byFollower(ofKind(timed(spans), kind)))
      // Others only look at a page and pass it over now and then.
      if (found.length >= creates.length / 2) add(`behind: ${title}`, found);
  }
  for (const kind of IN_LIST) add(`list: ${kind}`, ofKind(inList, kind));
  return hops;
};

/** The median alone of each, side by side; what only the one assembly has stays empty in the other. */
export const hopTable = (standalone: Hops, distributed: Hops): Table => {
  const titles = [...distributed.keys(), ...[...standalone.keys()].filter((title) => !distributed.has(title))];
  const text = (value: number | undefined): string => value?.toFixed(2) ?? '';
  return [
    ['median ms of', 'standalone, self', 'standalone, whole', 'distributed, self', 'distributed, whole'],
    ...titles.map((title) => {
      const [one, ours] = [standalone.get(title), distributed.get(title)];
      return [title, ...[one?.self, one?.whole, ours?.self, ours?.whole].map(text)];
    }),
  ];
};

const partOf = (spans: readonly Span[], requests: readonly Span[]): readonly TimedSpan[] => {
  const traces = new Set(requests.map(({ trace }) => trace));
  return timed([...requests, ...spans.filter(({ trace }) => traces.has(trace))]);
};

const ofKind = (spans: readonly TimedSpan[], kind: string): readonly TimedSpan[] =>
  spans.filter(({ name }) => name === kind || name.startsWith(`${kind} `));

/** By name without the generation: `follow accounts@1f2e` → `follow accounts`. */
const byFollower = (spans: readonly TimedSpan[]): ReadonlyMap<string, readonly TimedSpan[]> =>
  Map.groupBy(spans, ({ name }) => name.replace(/@.*/, ''));

const hopOf = (spans: readonly TimedSpan[]): Hop => ({
  count: spans.length,
  self: median(spans.map(({ self }) => self)),
  whole: median(spans.map(({ milliseconds }) => milliseconds)),
});

const waitOf = (waits: readonly number[]): Hop => ({ count: waits.length, whole: median(waits) });
