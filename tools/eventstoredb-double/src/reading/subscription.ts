import { randomUUID } from 'node:crypto';
import { setImmediate as immediate, setTimeout as wait } from 'node:timers/promises';
import type { Outlet } from '../calls/outlet.js';
import type { FaultSwitchboard } from '../faults/fault-switchboard.js';
import type { Release } from '../release.js';
import type { Filter } from '../log/filter.js';
import type { Log } from '../log/log.js';
import type { Entry } from '../log/stream.js';
import { streamDeleted, tooSlow } from '../wire/failures.js';
import type { ReadAnswer } from '../wire/protocol.js';
import { caughtUp, checkpoint, confirmation } from '../wire/read-answers.js';
import { Checkpoints } from './checkpoints.js';
import { answerOf } from './event-answer.js';
import type { Source } from './source.js';

/** Live events that may wait for a slow client; with more it is left to read them from the log. */
const LIVE_BUFFER = 32;

/** Events that are given for one page of history. */
const PAGE = 32;

export interface SubscriptionFilter {
  readonly matches: Filter;
  /** Most events that are looked at for one page of history. */
  readonly window: number;
  /** Events that are looked at between two checkpoints, roughly. */
  readonly interval: number;
}

export interface SubscriptionOptions {
  readonly source: Source;
  readonly resolveLinks: boolean;
  readonly release: Release;
  /** Without it there are no checkpoints. */
  readonly filter?: SubscriptionFilter | undefined;
}

/**
 * History, "caught up", then live events, in order and without gaps. A client that reads too slowly makes it fall behind:
 * it reads from the log again and says "caught up" once more, or ends where the release does so.
 */
export class Subscription {
  readonly #checkpoints: Checkpoints | undefined;
  #next: number;
  /** How many entries there were when it began; what comes after counts as live for checkpoints. */
  readonly #began: number;
  /** Events that became visible since it went live and were not given yet. */
  #behind = 0;
  #wake: (() => void) | undefined;

  constructor(
    private readonly log: Log,
    private readonly faults: FaultSwitchboard,
    private readonly outlet: Outlet<ReadAnswer>,
    private readonly options: SubscriptionOptions,
  ) {
    this.#next = options.source.start;
    this.#began = options.source.visible();
    this.#checkpoints =
      options.filter && new Checkpoints(options.filter.interval, options.release, options.source.after);
  }

  /** Resolves when the call is over. */
  async run(): Promise<void> {
    const { outlet, options } = this;
    const stop = this.log.onCommit((from, to) => this.#committed(from, to));
    outlet.onClose(() => {
      stop();
      this.#wake?.();
    });
    const deleted = options.source.tombstone();
    if (!deleted || options.release.confirmsTombstoned) await outlet.write(confirmation(randomUUID()));
    if (deleted) outlet.finish(streamDeleted(deleted.stream.name));
    if (options.source.start >= this.#began) await this.#live();
    while (outlet.open) {
      await this.#catchUp();
      await this.#live();
    }
  }

  async #catchUp(): Promise<void> {
    const { source } = this.options;
    this.#checkpoints?.catchUp();
    for (let more = true; more && this.outlet.open;) {
      const start = this.#next === 0 ? 0 : source.entries[this.#next]?.position;
      const { looked, full } = await this.#page();
      if (start !== undefined && looked > 0) this.#checkpoints?.reach(start);
      if (full ? this.#checkpoints?.due(looked) : false) await this.#checkpoint();
      if (!full) await this.#say(this.#checkpoints?.atEndOfHistory(looked, this.log.end));
      more = full;
      // Other calls get their turn.
      if (more) await immediate();
    }
  }

  /** As many as one page holds; a page that is not full has reached the end. */
  async #page(): Promise<{ looked: number; full: boolean }> {
    const { source, filter } = this.options;
    const window = filter?.window ?? Infinity;
    let [looked, given] = [0, 0];
    for (; looked < window && given < PAGE; looked++) {
      if (!this.outlet.open || this.#next >= source.visible()) return { looked, full: false };
      const entry = source.entries[this.#next++]!;
      if (filter && !filter.matches(entry)) continue;
      given++;
      const slow = this.#give(entry);
      if (slow) await slow;
    }
    return { looked, full: true };
  }

  /** Until the client was too slow. */
  async #live(): Promise<void> {
    const { source } = this.options;
    this.#behind = 0;
    if (source.isThere || this.options.release.missingStreamCatchesUp) await this.outlet.write(caughtUp());
    while (this.outlet.open) {
      if (this.#next < source.visible()) {
        if (!(await this.#fellBehind(source.entries[this.#next++]!))) continue;
        if (this.options.release.slowClient === 'catches up') return this.#checkpoint();
        this.outlet.finish(tooSlow());
        continue;
      }
      const tombstone = source.tombstone();
      if (tombstone) await this.#bury(tombstone);
      // Nothing may be awaited between looking and this, or a commit in between would wake nobody.
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Gives a live event; true when the client has kept too many waiting. */
  async #fellBehind(entry: Entry): Promise<boolean> {
    const { source, filter } = this.options;
    let slow: Promise<void> | undefined;
    if (!filter || filter.matches(entry)) {
      this.#behind--;
      slow = this.#give(entry);
      if (slow) await slow;
    }
    if (filter && (this.#next - this.#began) % filter.interval === 0 && source.shows(entry)) {
      this.#checkpoints?.reach(entry.position);
      await this.#checkpoint();
    }
    return slow !== undefined && this.#behind > LIVE_BUFFER;
  }

  /** A promise when the client keeps it waiting. */
  #give(entry: Entry): Promise<void> | undefined {
    const { source, resolveLinks } = this.options;
    if (!source.shows(entry)) return undefined;
    this.#checkpoints?.give(entry.position);
    const slow = this.outlet.write(answerOf(this.log, entry, resolveLinks));
    const { readerDelay } = this.faults;
    return readerDelay > 0 ? Promise.resolve(slow).then(() => wait(readerDelay)) : slow;
  }

  #checkpoint(): Promise<void> {
    return this.#say(this.#checkpoints?.next());
  }

  async #say(position: number | bigint | undefined): Promise<void> {
    if (position !== undefined) await this.outlet.write(checkpoint(position));
  }

  async #bury(tombstone: Entry): Promise<void> {
    await this.outlet.write(answerOf(this.log, tombstone, false));
    this.outlet.finish(streamDeleted(tombstone.stream.name));
  }

  #committed(from: number, to: number): void {
    const { source, filter } = this.options;
    for (let n = from; n < to; n++) {
      const entry = this.log.entries[n]!;
      if (source.has(entry) && (!filter || filter.matches(entry))) this.#behind++;
    }
    this.#wake?.();
  }
}
