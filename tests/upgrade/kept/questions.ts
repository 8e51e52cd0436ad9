import type { Api, Fields } from '../../journeys/support/api.js';
import type { Answered, Known } from './kept-data.js';

type Pages = { readonly data: readonly Fields[] };

const LISTS = /^\/v1\/(imports\/)?(contacts|accounts|opportunities|pipelines|products|representatives)(\?|$)/;
const FEED = /^\/v1\/events\?/;

/** Questions that an earlier program was asked, and what of the answers is compared: what came in since is left out. */
export class Questions {
  readonly #underWay: ReadonlySet<string>;

  constructor({ underWay }: Known) {
    this.#underWay = new Set(Object.values(underWay).flatMap((imports) => Object.values(imports).map(({ id }) => id)));
  }

  askedAgain({ path, answer }: Answered, api: Api): Promise<unknown> {
    if (FEED.test(path)) return feedAgain(api, path, answer as Pages);
    return LISTS.test(path) ? this.#listAgain(api, path) : api.get(path);
  }

  /** The part of an answer of then that does not depend on what came in since. */
  compared({ path, answer }: Answered): unknown {
    const { data } = answer as Pages;
    if (FEED.test(path)) return { data: data.map(withoutCursor) };
    return LISTS.test(path) ? { data } : answer;
  }

  async #listAgain(api: Api, path: string): Promise<Pages> {
    const [list, query] = path.split('?') as [string, string | undefined];
    const parameters = new URLSearchParams(query);
    parameters.delete('total');
    const all = await api.all(list, Object.fromEntries(parameters));
    return { data: all.filter((record) => !this.#cameSince(record)) };
  }

  /** Records of the imports that were under way, and these imports themselves. */
  #cameSince({ id, externalId }: Fields): boolean {
    return this.#underWay.has(id) || /^W-\d+$/.test(String(externalId));
  }
}

/** Everything that is recorded later comes later in the feed. */
const feedAgain = async (api: Api, path: string, { data: before }: Pages): Promise<Pages> => {
  const { data } = await api.get<Pages>(path);
  return { data: data.slice(0, before.length).map(withoutCursor) };
};

/** A place names how far every context was read, which need not be the same. */
const withoutCursor = ({ cursor: _, ...event }: Fields): Fields => event;
