import { BACKWARDS, END, START as EVERYTHING } from '@eventstore/db-client';
import { DEFAULT_PAGE_SIZE, type FollowOptions, type Page } from '@rapport/event-store';
import { type Position, positionOf, START } from '@rapport/kernel';
import { meter, METRICS } from '@rapport/observability';
import { isLost, isTooSlow } from './client-failure.js';
import type { EventStoreDbParts } from './event-store-db-parts.js';
import type { Link } from './link.js';
import { PageSubscription } from './page-subscription.js';
import { ReadCall } from './read-call.js';
import { backoff, closedStore, pause, within } from './waiting.js';

const resubscribed = meter.counter(METRICS.resubscribed);

/** Events that wait in the client for a slow consumer; what comes beyond waits in the network and on the server. */
const BUFFER = { highWaterMark: 128 };

const LONGEST_CONNECTING = 30_000;

/** Milliseconds between two looks where the log ends, while others write far more than what is followed here. */
const BETWEEN_LOOKS = 200;

/** Follows for ever: subscribes again behind the last page given, whatever ended the subscription before. */
export class Follower {
  #position: Position;
  #failures = 0;

  constructor(
    private readonly parts: EventStoreDbParts,
    private readonly options: FollowOptions,
  ) {
    this.#position = options.after;
  }

  /** @throws StoreUnavailable once the store is closed */
  async *pages(): AsyncGenerator<Page, void, undefined> {
    const { signal, prefixes } = this.options;
    const { followers, closing, trouble } = this.parts;
    const ending = AbortSignal.any([signal, closing]);
    while (!signal.aborted) {
      const link = followers.take();
      try {
        yield* this.#pagesOf(link, ending);
        throw new Error('EventStoreDB ended the subscription.');
      } catch (failure) {
        if (signal.aborted) return;
        if (closing.aborted) throw closedStore();
        if (isTooSlow(failure)) {
          resubscribed.add(1);
          continue;
        }
        if (isLost(failure)) followers.replace(link);
        this.#failures += 1;
        trouble?.(`follow ${prefixes.join(', ') || 'everything'}`, failure, this.#failures);
      } finally {
        followers.release(link);
      }
      await pause(backoff(this.#failures), ending);
    }
  }

  async *#pagesOf(link: Link, ending: AbortSignal): AsyncGenerator<Page, void, undefined> {
    const node = await within(LONGEST_CONNECTING, link.node(), ending);
    const head = await this.#head(link, ending);
    let asking: Promise<void> | undefined;
    const beyond = (): void => {
      asking ??= this.#extend(subscription, link, node, ending).finally(() => (asking = undefined));
    };
    const subscription = this.#subscribe(link, beyond);
    const close = (): void => subscription.close();
    ending.addEventListener('abort', close);
    try {
      await subscription.confirmed();
      // Another node may be behind the one that was asked for its head.
      if (node === (await link.node())) {
        subscription.head = head;
        subscription.extend(head);
      }
      for (let page = await subscription.next(); page && !ending.aborted; page = await subscription.next()) {
        this.#position = page.position;
        this.#failures = 0;
        yield page;
      }
    } finally {
      ending.removeEventListener('abort', close);
      close();
    }
  }

  /** Looks where the log ends now; one that cannot be asked ends the subscription itself soon enough. */
  async #extend(subscription: PageSubscription, link: Link, node: object, ending: AbortSignal): Promise<void> {
    const head = await this.#head(link, ending).catch(() => START);
    if (node === (await link.node().catch(() => undefined))) subscription.extend(head);
    await pause(BETWEEN_LOOKS, ending);
  }

  #subscribe({ client }: Link, beyond: () => void): PageSubscription {
    const { namespace } = this.parts;
    const { prefixes, pageSize = DEFAULT_PAGE_SIZE } = this.options;
    const after = this.#position;
    const place = BigInt(after);
    const fromPosition = after === START ? EVERYTHING : { commit: place, prepare: place };
    return new PageSubscription(
      (checkpointReached) =>
        client.subscribeToAll({ fromPosition, filter: namespace.filter(prefixes, checkpointReached) }, BUFFER),
      { after, pageSize, inside: (stream) => namespace.inside(stream), beyond },
    );
  }

  /** The last event of the log now. */
  async #head({ client }: Link, ending: AbortSignal): Promise<Position> {
    const call = new ReadCall(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }), ending);
    try {
      do {
        const last = call.take()?.event;
        if (last) return positionOf(last.position.commit);
      } while (await call.more());
      return START;
    } finally {
      call.close();
    }
  }
}
