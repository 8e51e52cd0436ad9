import type { eventsV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import type { Context } from '../gateway-options.js';
import { NOW } from './cursor.js';
import { Feed } from './feed.js';

const DEFAULT_LIMIT = 100;
/** A rare filter over a long history: after so many pages without a full answer, the reader comes back with `next`. */
const MOST_PULLS = 20;
const MOST_MILLISECONDS = 1_000;

/** rapport.events.v1.EventsService, without the stream, which is no plain call. */
export class EventsService {
  constructor(private readonly contexts: readonly Context[]) {}

  async listEvents(request: eventsV1.ListEventsRequest, call: CallContext): Promise<eventsV1.ListEventsResponse> {
    const { after, limit = DEFAULT_LIMIT, filter = '' } = request;
    const feed = new Feed(this.contexts, { after, filter, pageSize: limit }, call);
    await feed.open();
    const data: eventsV1.CloudEvent[] = [];
    const until = performance.now() + MOST_MILLISECONDS;
    for (let pulls = 0; pulls < MOST_PULLS && after !== NOW && data.length < limit; pulls += 1) {
      if (call.signal?.aborted || (pulls > 0 && performance.now() > until)) break;
      await feed.pull();
      data.push(...feed.take(limit - data.length));
      if (feed.isAtEnd) break;
    }
    return { data, next: feed.cursor, hasMore: !feed.isAtEnd };
  }
}
