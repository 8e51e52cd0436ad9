import type { Api, Fields, List } from '../../journeys/support/api.js';
import { type Answered, known } from './kept-data.js';

type Pages = { readonly data: readonly Fields[] };

/** What the running program answers to a question that another one was asked before, without what came in since. */
export const askedAgain = async (api: Api, { path, answer }: Answered): Promise<unknown> => {
  const [list, query] = path.split('?') as [string, string | undefined];
  if (/^\/v1\/events$/.test(list)) return feedAgain(api, path, answer as Pages);
  if (/^\/v1\/(imports\/)?[a-z]+$/.test(list) && Array.isArray((answer as Pages).data))
    return listAgain(api, list, new URLSearchParams(query));
  return api.get(path);
};

/** The part of an answer that is compared: pages of lists depend on what came in since. */
export const compared = ({ path, answer }: Answered): unknown => {
  const { data, page } = answer as List<Fields>;
  if (page !== undefined && /^\/v1\/(imports\/)?[a-z]+(\?|$)/.test(path)) return { data };
  if (path.startsWith('/v1/events')) return { data: data.map(withoutCursor) };
  return answer;
};

/** Everything that is recorded later comes later in the feed. */
const feedAgain = async (api: Api, path: string, { data: before }: Pages): Promise<Pages> => {
  const { data } = await api.get<Pages>(path);
  return { data: data.slice(0, before.length).map(withoutCursor) };
};

/** A place names how far every context was read, which need not be the same. */
const withoutCursor = ({ cursor: _, ...event }: Fields): Fields => event;

const listAgain = async (api: Api, list: string, query: URLSearchParams): Promise<Pages> => {
  query.delete('total');
  const all = await api.all(list, Object.fromEntries(query));
  return { data: all.filter((record) => !cameSince(record)) };
};

const UNDER_WAY = new Set(
  Object.values(known.underWay).flatMap((imports) => Object.values(imports).map(({ id }) => id)),
);

/** Records of the imports that were under way, and these imports themselves. */
const cameSince = ({ id, externalId }: Fields): boolean => UNDER_WAY.has(id) || /^W-\d+$/.test(String(externalId));
