import type { eventsV1 } from '@rapport/contracts';
import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { Feed } from './feed.js';

/** Events, and characters of them, written at once, before looking whether the client keeps up. */
const AT_ONCE = 100;
const CHARACTERS_AT_ONCE = 64 * 1024;
/** A client that takes nothing for so long is cut off. What it has not taken costs memory; it resumes by its last id. */
const UNREAD_MILLISECONDS = 30_000;
/** How long one question to a context may wait for news. */
const WAIT_MILLISECONDS = 10_000;

export interface EventStreamOptions {
  readonly heartbeatSeconds: number;
  /** How long a client may take nothing. Default 30 s. */
  readonly unreadMilliseconds?: number;
  /** Ends the stream: the client has gone, or the gateway stops. */
  readonly signal: AbortSignal;
  /** Asked again and again: a revoked token ends its streams too. */
  readonly mayGoOn: () => boolean;
}

/**
 * One client's server-sent events. A slow client slows the pulling: nothing more is asked for until the last piece has
 * left this process; one that takes nothing at all is cut off, as is one whose token has ended.
 */
export class EventStream {
  #blocked = false;
  readonly #signal: AbortSignal;
  readonly #over = new AbortController();

  constructor(
    private readonly feed: Feed,
    private readonly response: ServerResponse,
    private readonly options: EventStreamOptions,
  ) {
    this.#signal = AbortSignal.any([options.signal, this.#over.signal]);
  }

  /** Resolves when the stream is over. */
  async run(): Promise<void> {
    const { heartbeatSeconds } = this.options;
    const heartbeat = setInterval(() => this.#heartbeat(), heartbeatSeconds * 1000);
    try {
      await this.#write('retry: 1000\n\n');
      while (!this.#signal.aborted && this.options.mayGoOn()) await this.#step();
    } finally {
      clearInterval(heartbeat);
      // What waits for a client that does not read would wait on.
      if (this.#blocked) this.response.destroy();
      else this.response.end(': the stream ends here; come back with Last-Event-ID\n\n');
    }
  }

  async #step(): Promise<void> {
    const text = this.#frames();
    if (text !== '') await this.#write(text);
    else if (this.feed.isAtEnd) await this.#untilAborted(this.feed.wait(WAIT_MILLISECONDS));
    else await this.#untilAborted(this.feed.pull());
  }

  /** As many events as are to be written at once. */
  #frames(): string {
    let text = '';
    for (let n = 0; n < AT_ONCE && text.length < CHARACTERS_AT_ONCE; n += 1) {
      const [event] = this.feed.take(1);
      if (!event) break;
      text += frameOf(event);
    }
    return text;
  }

  /** Keeps proxies from closing an idle connection, and moves the client's place past what was filtered away. */
  #heartbeat(): void {
    // Also while nothing can be written: a token that was revoked must not hold its place until somebody reads.
    if (!this.options.mayGoOn()) return this.#over.abort();
    if (!this.#blocked) this.response.write(`: heartbeat\nid: ${this.feed.cursor}\n\n`);
  }

  async #write(text: string): Promise<void> {
    if (this.response.write(text)) return;
    this.#blocked = true;
    const late = setTimeout(() => this.#over.abort(), this.options.unreadMilliseconds ?? UNREAD_MILLISECONDS);
    try {
      await once(this.response, 'drain', { signal: this.#signal });
      this.#blocked = false;
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    } finally {
      clearTimeout(late);
    }
  }

  async #untilAborted(work: Promise<void>): Promise<void> {
    const signal = this.#signal;
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
