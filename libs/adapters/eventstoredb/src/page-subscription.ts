import type { AllStreamResolvedEvent, AllStreamSubscription } from '@eventstore/db-client';
import type { Page } from '@rapport/event-store';
import { type Position, positionOf, type RecordedEvent, START } from '@rapport/kernel';
import { Pulled } from './pulled.js';
import { isEnginesOwn, recordedEvent } from './recorded-event.js';
import { Unanswered } from './waiting.js';

/** How long a page may gather events after its first: a moment for news, longer while catching up. */
const LINGER = { live: 1, catchingUp: 20 };

/** A follower that is given no events learns so much later how far it has got. */
const POSITION_ALONE = 200;

const LONGEST_UNCONFIRMED = 10_000;

/** How far the server says that it has looked. */
export interface Checkpoint {
  readonly commit: bigint;
  /** The same when the event there has been seen; less when only everything before it has. */
  readonly prepare: bigint;
}

/** Something that the server said between two events: true once `due` events have been taken. */
interface Mark {
  readonly due: number;
  /** `undefined` when it said that it had nothing more. */
  readonly checkpoint: Checkpoint | undefined;
  /** Where the log was known to end when it was said. */
  readonly end: Position;
}

export interface PageTerms {
  readonly after: Position;
  readonly pageSize: number;
  /** Name of a stream in Rapport. */
  readonly inside: (stream: string) => string;
  /** Told that the server has looked further than the log was known to reach: see {@link PageSubscription.extend}. */
  readonly beyond?: () => void;
}

/** No log is so long: 24.2 to 24.10.4 say minus one, unsigned, where they mean that they have seen nothing. */
const NO_PLACE = 2n ** 63n;

export type CheckpointReached = (subscription: unknown, checkpoint: Checkpoint) => void;

/**
 * Pages out of one subscription of the client, pulled. The client announces what the server says about its progress at
 * once, ahead of the events that wait in its buffer; here it counts when those have been taken.
 *
 * Its checkpoints are not believed as they are. Some versions name no place at all, or the place that the next event will
 * be written to, after which a follower would never be given that event. A position is only ever that of an event which
 * was given here, or of one that is known to be in the log.
 */
export class PageSubscription {
  /**
   * End of the log before the subscription began: passed once the server has nothing more. What the server itself says at
   * that moment may lie up to a search window before it.
   */
  head: Position = START;
  /** Place of the last event that is known to be in the log. */
  #end: Position = START;
  readonly #subscription: AllStreamSubscription;
  readonly #pulled: Pulled<AllStreamResolvedEvent>;
  readonly #marks: Mark[] = [];
  #position: Position;
  /** Everything before this has been seen. The event in this place may have to be written yet. */
  #before: Position | undefined;
  /** The position has moved since the last page. */
  #moved = false;
  #confirmed = false;
  #live = false;

  constructor(
    subscribe: (checkpointReached: CheckpointReached) => AllStreamSubscription,
    private readonly terms: PageTerms,
  ) {
    this.#position = terms.after;
    this.#subscription = subscribe((_, checkpoint) => this.#mark(checkpoint));
    this.#pulled = new Pulled(this.#subscription);
    this.#subscription.on('caughtUp', () => this.#mark());
    this.#subscription.on('confirmation', () => {
      this.#confirmed = true;
      this.#pulled.rouse();
    });
  }

  /** Resolves once the server has taken the subscription, or the subscription is over. */
  async confirmed(): Promise<void> {
    while (!this.#confirmed && !this.#pulled.over) {
      const heard = await this.#pulled.arrival(LONGEST_UNCONFIRMED);
      if (!heard) this.#pulled.end(new Unanswered(LONGEST_UNCONFIRMED));
    }
  }

  /** `undefined` when the subscription has ended without an error, by {@link close} for instance. @throws what ended it */
  async next(): Promise<Page | undefined> {
    const events: RecordedEvent[] = [];
    let until = Infinity;
    for (;;) {
      const caughtUp = this.#take(events);
      if (caughtUp) return this.#page(events, true);
      if (events.length >= this.terms.pageSize) return this.#page(events);
      if (this.#pulled.over) break;
      until = Math.min(until, this.#patience(events));
      if (!(await this.#pulled.arrival(until - performance.now()))) return this.#page(events);
    }
    this.#live = false;
    if (events.length > 0) return this.#page(events);
    if (this.#pulled.failure !== undefined) throw this.#pulled.failure;
    return undefined;
  }

  /** The log holds an event in this place: what the server says from now on is believed as far as there. */
  extend(end: Position): void {
    if (end > this.#end) this.#end = end;
  }

  close(): void {
    this.#pulled.end();
    this.#subscription.unsubscribe().catch(() => undefined);
  }

  /** Takes what has come, up to a whole page; true where the server had nothing more. */
  #take(events: RecordedEvent[]): boolean {
    while (!this.#passMarks()) {
      if (events.length >= this.terms.pageSize) return false;
      const taken = this.#pulled.take();
      if (!taken) return this.#passMarks();
      const event = recordedEvent(taken.event!, this.terms.inside(taken.event!.streamId));
      this.#reach(event.position);
      this.extend(event.position);
      if (!isEnginesOwn(event)) events.push(event);
    }
    return true;
  }

  #mark(checkpoint?: Checkpoint): void {
    this.#marks.push({ due: this.#pulled.due, checkpoint, end: this.#end });
    this.#pulled.rouse();
  }

  /** True when one of the marks said that the server had nothing more. */
  #passMarks(): boolean {
    let caughtUp = false;
    while (this.#marks.length > 0 && this.#marks[0]!.due <= this.#pulled.taken) {
      const { checkpoint, end } = this.#marks.shift()!;
      if (checkpoint) this.#pass(checkpoint, end);
      else {
        caughtUp = this.#live = true;
        this.#reach(this.head);
      }
    }
    return caughtUp;
  }

  /** A place that comes before one that was passed has been passed itself: only then may it be told. */
  #pass({ commit, prepare }: Checkpoint, end: Position): void {
    if (commit >= NO_PLACE) return;
    const place = positionOf(commit);
    if (place > end) {
      this.terms.beyond?.();
      return this.#reach(end);
    }
    if (prepare === commit && place < end) return this.#reach(place);
    if (this.#before !== undefined && this.#before < place) this.#reach(this.#before);
    this.#before = place;
  }

  #reach(position: Position): void {
    if (position <= this.#position) return;
    this.#position = position;
    this.#moved = true;
  }

  /** When a page must be given, full or not. */
  #patience(events: readonly RecordedEvent[]): number {
    const now = performance.now();
    if (events.length > 0) return now + (this.#live ? LINGER.live : LINGER.catchingUp);
    return this.#moved ? now + POSITION_ALONE : Infinity;
  }

  #page(events: RecordedEvent[], caughtUp = this.#live && this.#pulled.due === this.#pulled.taken): Page {
    this.#moved = false;
    return { events, position: this.#position, caughtUp };
  }
}
