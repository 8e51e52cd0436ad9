import type { Api } from '../workplace/api.js';

interface FeedPage {
  readonly data: readonly object[];
  readonly next: string;
  readonly hasMore: boolean;
}

const PAGE = 500;

/** Reads the feed of changes from the first one on, page by page, until so many were seen. Milliseconds. */
export const readFeed = async (api: Api, most: number): Promise<{ readonly events: number; readonly took: number }> => {
  const began = performance.now();
  let events = 0;
  for (let after = ''; events < most;) {
    const place = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
    const { data, next, hasMore } = await api.get<FeedPage>(`/v1/events?limit=${PAGE}${place}`);
    events += data.length;
    if (!hasMore) break;
    after = next;
  }
  return { events, took: performance.now() - began };
};
