import type { EventStoreDBClient } from '@eventstore/db-client';
import { Link } from './link.js';
import { closedStore, within } from './waiting.js';

/** The client waits for the end of each call that it cancels, which may never be told. */
const DISPOSAL_TIMEOUT = 5_000;

/**
 * The client to use now. A client remembers a failed look at the server's features for ever and never notices that nobody
 * answers any more; it is then replaced, and given up as soon as the last that uses it has finished.
 */
export class Connection {
  readonly #links = new Set<Link>();
  #current: Link | undefined;
  #closed = false;

  constructor(
    private readonly open: () => EventStoreDBClient,
    private readonly disposalTimeout = DISPOSAL_TIMEOUT,
  ) {}

  /** Whoever takes a link releases it. @throws StoreUnavailable once closed */
  take(): Link {
    if (this.#closed) throw closedStore();
    const link = (this.#current ??= new Link(this.open()));
    this.#links.add(link);
    link.users += 1;
    return link;
  }

  release(link: Link): void {
    link.users -= 1;
    if (link.users > 0 || link === this.#current) return;
    this.#links.delete(link);
    void link.client.dispose();
  }

  /** The next to ask gets a new client, unless somebody has seen to it already. */
  replace(link: Link): void {
    if (link === this.#current) this.#current = undefined;
  }

  /** Ends every call of every client; what does not say that it has ended is not waited for any longer. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#current = undefined;
    const ended = Array.from(this.#links, ({ client }) => within(this.disposalTimeout, client.dispose()));
    await Promise.allSettled(ended);
  }
}
