import type { eventsV1 } from '@rapport/contracts';
import { policyVersion } from '@rapport/access';
import { type CallContext, DomainError } from '@rapport/kernel';
import type { Context } from '../gateway-options.js';
import { ContextSource } from './context-source.js';
import { cursorOf, NOW, type Places, progressIn } from './cursor.js';

/** What a reader wants, and from where. */
export interface FeedRequest {
  /** A cursor, `now`, or undefined for the very beginning. */
  readonly after: string | undefined;
  readonly filter: string;
  /** Most events of one context pulled at once. */
  readonly pageSize: number;
}

/**
 * The contexts' events joined into one order, for one reader.
 *
 * The order within a context is never changed, and with it the order of every record, which lives in one context. Among
 * contexts the event that was recorded first goes first, as long as every context that may have an earlier one has been
 * asked; at the end of history events go out as they come. A reader that comes back may therefore meet events of
 * different contexts in another order, but none twice and none not at all: a cursor is a place in every context.
 */
export class Feed {
  readonly #sources: readonly ContextSource[];
  readonly #rights: string;

  constructor(
    contexts: readonly Context[],
    private readonly request: FeedRequest,
    call: CallContext,
  ) {
    const { after, filter } = request;
    this.#rights = policyVersion(call.principal);
    const places = after === undefined || after === NOW ? {} : this.#placesIn(after);
    const start = (name: string): string => (after === NOW ? NOW : (places[name] ?? ''));
    this.#sources = contexts.map((context) => new ContextSource(context, filter, call, start(context.name)));
  }

  /** Resume with it after everything that was taken. */
  get cursor(): string {
    const places = Object.fromEntries(this.#sources.map(({ name, place }) => [name, place]));
    return cursorOf({ places, rights: this.#rights });
  }

  /** Nothing more was there at the last look. */
  get isAtEnd(): boolean {
    return this.#sources.every(({ isAtEnd }) => isAtEnd);
  }

  /** Pins `now` down, so that what happens from here on is not missed. */
  async open(): Promise<void> {
    if (this.request.after === NOW) await this.pull();
  }

  /** Asks every context whose last page is used up, without waiting; those at their end too, lest they starve. */
  async pull(): Promise<void> {
    const asked = this.#sources.filter(({ isEmpty, isPulling }) => isEmpty && !isPulling);
    await Promise.all(asked.map((source) => source.pull(this.request.pageSize, 0)));
  }

  /** At the end: waits until some context has something, or for as long as given. */
  async wait(milliseconds: number): Promise<void> {
    await Promise.race(this.#sources.map((source) => source.pull(this.request.pageSize, milliseconds)));
  }

  /** Everything that can be given now, in order; at most `limit` events, each with its cursor. */
  take(limit: number): readonly eventsV1.CloudEvent[] {
    const taken: eventsV1.CloudEvent[] = [];
    while (taken.length < limit) {
      const source = this.#earliest();
      if (!source) break;
      const { event } = source.take();
      taken.push({ ...event, cursor: this.cursor });
    }
    return taken;
  }

  /** What other rights showed is not to be told from what these do: nobody could say what has come into sight. */
  #placesIn(cursor: string): Places {
    const { places, rights } = progressIn(cursor);
    if (rights === this.#rights) return places;
    const message =
      'Your rights have changed since this cursor was given. Forget what it led to, and read from the beginning: leave it out.';
    throw new DomainError('gone', 'resync', message, { fields: [{ pointer: '/after', code: 'resync', message }] });
  }

  /** The source to take from, or none while one that may hold something earlier has to be asked first. */
  #earliest(): ContextSource | undefined {
    let earliest: ContextSource | undefined;
    for (const source of this.#sources) {
      const head = source.head;
      if (!head) {
        if (!source.isAtEnd) return undefined;
      } else if (!earliest || head.event.recordedtime < earliest.head!.event.recordedtime) earliest = source;
    }
    return earliest;
  }
}
