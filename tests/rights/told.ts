import { pathWith } from '@rapport/gateway';
import type { Api, List } from '../journeys/support/index.js';
import { pathNamed } from './contract-paths.js';
import { type DrawnRequest, isStream } from './drawn-request.js';

/** What somebody was told, with the same names for the same things in every world. */
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Page by page. */
  readonly body: readonly string[];
  /** What to go on with, where there is more. */
  readonly next?: string;
}

/** Says the time, how long the answer is, or which call it was: of no world. */
const OF_NO_WORLD = new Set([
  'date',
  'content-length',
  'keep-alive',
  'connection',
  'x-correlation-id',
  'correlation-id',
  'traceparent',
]);
const MOST_PAGES = 8;

/** Somebody who asks, and what is meant by what is asked. */
export interface Asker {
  readonly reader: Api;
  readonly tenant: string;
  /** What each record is called, by its id. */
  readonly labels: ReadonlyMap<string, string>;
  /** Headers of every request. */
  readonly seeing: Readonly<Record<string, string>>;
  /** Most pages that are asked for. */
  readonly pages?: number;
  real(value: unknown, about?: string): Promise<unknown>;
  remember(headers: Headers): void;
}

/** Asks as the reader of a world, to the end of what there is. */
export const askIn = async (world: Asker, request: DrawnRequest): Promise<Told> => {
  const path = pathNamed(request.to);
  const values = (await world.real(request.parameters)) as Readonly<Record<string, unknown>>;
  const about = typeof values['id'] === 'string' ? values['id'] : undefined;
  const parameters = (await world.real(request.parameters, about)) as Readonly<Record<string, unknown>>;
  const body = (await world.real(request.body, about)) as object | string | undefined;
  const address = pathWith(path.binding.path, parameters);
  const inQuery = Object.entries(parameters).filter(([name]) => !path.binding.path.variables.includes(name));
  const query = new URLSearchParams(Object.fromEntries(inQuery.map(([name, value]) => [name, String(value)])));
  if (isStream(path)) return streamed(world, `${address}?${query.toString()}`);
  const asked = { ...(body !== undefined && { body }) };
  const bodies: string[] = [];
  const cursorName = path.method.request.fields.find(({ name }) => name === 'cursor' || name === 'after')?.name;
  for (;;) {
    const at = query.size > 0 ? `${address}?${query.toString()}` : address;
    const response = await world.reader.fetch(path.binding.httpMethod, at, { ...asked, headers: world.seeing });
    world.remember(response.headers);
    const text = await response.text();
    bodies.push(named(world, text));
    const next = cursorName === undefined || response.status !== 200 ? '' : nextIn(text);
    if (next === '' || bodies.length === (world.pages ?? MOST_PAGES) || !path.isRead)
      return {
        status: response.status,
        headers: headersOf(world, response.headers),
        body: response.status === 200 && isFeed(path.method.service) ? joined(bodies) : bodies,
        ...(world.pages !== undefined && { next }),
      };
    query.set(cursorName!, next);
  }
};

const isFeed = (service: string): boolean => service === 'rapport.events.v1.EventsService';

/** How a feed is cut into pages follows from what was passed over. */
const joined = (bodies: readonly string[]): readonly string[] =>
  bodies.flatMap((text) => (JSON.parse(text) as List<object>).data.map((event) => JSON.stringify(event)));

const nextIn = (text: string): string => {
  const { page, next, hasMore } = JSON.parse(text) as Partial<List<object>> & { next?: string; hasMore?: boolean };
  return page?.next ?? (hasMore ? (next ?? '') : '');
};

/** A stream tells what pages of the feed do; here it is that it may be opened at all. */
const streamed = async (world: Asker, address: string): Promise<Told> => {
  const enough = new AbortController();
  const response = await world.reader.fetch('GET', address, {}, enough.signal);
  const { status, headers } = response;
  const body = status === 200 ? [] : [named(world, await response.text())];
  enough.abort();
  return { status, headers: headersOf(world, headers), body };
};

const headersOf = (world: Asker, headers: Headers): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...headers].filter(([name]) => !OF_NO_WORLD.has(name)).map(([name, value]) => [name, named(world, value)]),
  );

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** A text with the same names for the same things in every world. */
export const named = (world: Pick<Asker, 'labels' | 'tenant'>, text: string): string =>
  text
    .replaceAll(/"signed":\{"document":"(\\.|[^"])*","publicKey":"[^"]*","signature":"[^"]*"\}/g, '"signed":"<signed>"')
    .replaceAll(/"(cursor|next|secret|uri|prefix|digest|form)":"[^"]+"/g, '"$1":"<$1>"')
    .replaceAll(ID, (id) => `<${world.labels.get(id) ?? 'id'}>`)
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/\b\d{20}\b/g, '<position>')
    .replaceAll(world.tenant, '<tenant>');
