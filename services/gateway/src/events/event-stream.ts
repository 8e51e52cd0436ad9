import type { eventsV1 } from '@rapport/contracts';
import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { Feed } from './feed.js';

/** Events written at once, before looking whether the client keeps up. */
const AT_ONCE = 100;
/** How long one question to a context may wait for news. */
const WAIT_MILLISECONDS = 10_000;

export interface EventStreamOptions {
  readonly heartbeatSeconds: number;
  /** Ends the stream: the client has gone, or the gateway stops. */
  readonly signal: AbortSignal;
  /** Asked again and again: a revoked token ends its streams too. */
  readonly mayGoOn: () => boolean;
}

/**
 * One client's server-sent events. A slow client slows the pulling: nothing more is asked for until the last piece has
 * left this process.
 */
export class EventStream {
  #blocked = false;

  constructor(
    private readonly feed: Feed,
    private readonly response: ServerResponse,
    private readonly options: EventStreamOptions,
  ) {}

  /** Resolves when the stream is over. */
  async run(): Promise<void> {
    const { heartbeatSeconds, signal } = this.options;
    const heartbeat = setInterval(() => this.#heartbeat(), heartbeatSeconds * 1000);
    try {
      await this.#write('retry: 1000\n\n');
      while (!signal.aborted && this.options.mayGoOn()) await this.#step();
    } finally {
      clearInterval(heartbeat);
      this.response.end(': the stream ends here; come back with Last-Event-ID\n\n');
    }
  }

  async #step(): Promise<void> {
    const events = this.feed.take(AT_ONCE);
    if (events.length > 0) await this.#write(events.map(frameOf).join(''));
    else if (this.feed.isAtEnd) await this.#untilAborted(this.feed.wait(WAIT_MILLISECONDS));
    else await this.#untilAborted(this.feed.pull());
  }

  /** Keeps proxies from closing an idle connection, and moves the client's place past what was filtered away. */
  #heartbeat(): void {
    if (!this.#blocked) this.response.write(`: heartbeat\nid: ${this.feed.cursor}\n\n`);
  }

  async #write(text: string): Promise<void> {
    if (this.response.write(text)) return;
    this.#blocked = true;
    const { signal } = this.options;
    await once(this.response, 'drain', { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    this.#blocked = false;
  }

  async #untilAborted(work: Promise<void>): Promise<void> {
    const { signal } = this.options;
    const aborted = Promise.withResolvers<void>();
    const stop = (): void => aborted.resolve();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await Promise.race([work, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

const frameOf = (event: eventsV1.CloudEvent): string =>
  `id: ${event.cursor}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
