import type { eventsV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import type { Context } from '../gateway-options.js';

const SERVICE = 'rapport.events.v1.ContextEventsService';
const METHOD = 'pullEvents';

/** An event and the place in its context after it. */
export interface PlacedEvent {
  readonly event: eventsV1.CloudEvent;
  readonly place: string;
}

/** One context's part of the feed: pages are pulled when the last one is used up, one at a time. */
export class ContextSource {
  #page: readonly PlacedEvent[] = [];
  #next = 0;
  #pageEnd: string;
  #pulling: Promise<void> | undefined;
  /** True when nothing more was there at the last pull, and everything has been taken. */
  #caughtUp = false;

  constructor(
    private readonly context: Context,
    private readonly filter: string,
    private readonly call: CallContext,
    /** Where the reader has come to in this context. */
    public place: string,
  ) {
    this.#pageEnd = place;
  }

  get name(): string {
    return this.context.name;
  }

  get isEmpty(): boolean {
    return this.#next >= this.#page.length;
  }

  /** Empty, and nothing more to be had at once. */
  get isAtEnd(): boolean {
    return this.isEmpty && this.#caughtUp;
  }

  /** A pull, perhaps a waiting one, is under way. */
  get isPulling(): boolean {
    return this.#pulling !== undefined;
  }

  get head(): PlacedEvent | undefined {
    return this.#page[this.#next];
  }

  /** Takes the next event; with the last of a page, what was filtered away behind it counts as passed too. */
  take(): PlacedEvent {
    const taken = this.#page[this.#next]!;
    this.#next += 1;
    this.place = this.isEmpty ? this.#pageEnd : taken.place;
    return this.isEmpty ? { ...taken, place: this.#pageEnd } : taken;
  }

  /** Pulls the next page; a second call while one is under way waits for the same. */
  pull(limit: number, waitMilliseconds: number): Promise<void> {
    this.#pulling ??= this.#pull(limit, waitMilliseconds).finally(() => {
      this.#pulling = undefined;
    });
    return this.#pulling;
  }

  async #pull(limit: number, waitMilliseconds: number): Promise<void> {
    const request = { after: this.place, limit, filter: this.filter, waitMilliseconds };
    const response = await this.context.backend.invoke(SERVICE, METHOD, request, this.call);
    const { events, positions, position, caughtUp } = response as eventsV1.PullEventsResponse;
    this.#page = events.map((event, index) => ({ event, place: positions[index]! }));
    this.#next = 0;
    this.#pageEnd = position;
    this.#caughtUp = caughtUp;
    if (events.length === 0) this.place = position;
  }
}
