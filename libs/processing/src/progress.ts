import type { Page } from '@rapport/event-store';
import { DomainError, START, type Position } from '@rapport/kernel';
import type { FollowerNews } from './follower-news.js';

/** How far a follower has come, and who is waiting for it. */
export class Progress {
  position: Position = START;
  caughtUp = false;
  /** Events looked at since the start. */
  handled = 0;
  /** When the last handled event was recorded; the age of what readers see. */
  lastRecordedAt: string | undefined;
  lastFailure: string | undefined;
  /** Told when somebody begins to wait. */
  onWaiting: (() => void) | undefined;
  /** Told whenever anything here has changed. */
  onMoved: (() => void) | undefined;
  private waiters: Waiter[] = [];
  private ended = false;

  constructor(readonly follower: string) {}

  /** Never moves back: what was passed without anything to store lies behind the checkpoint. Answers where it is. */
  startedAt(position: Position): Position {
    if (position > this.position) this.position = position;
    this.caughtUp = false;
    this.ended = false;
    this.onMoved?.();
    return this.position;
  }

  passed(page: Page): void {
    const last = page.events.at(-1);
    if (last) this.lastRecordedAt = last.recordedAt;
    this.handled += page.events.length;
    this.moveTo(page.position, page.caughtUp);
  }

  /** For followers of something other than pages: the bus. */
  moveTo(position: Position, caughtUp: boolean): void {
    if (position > this.position) this.position = position;
    this.caughtUp = caughtUp;
    this.lastFailure = undefined;
    if (this.waiters.length > 0) this.wake();
    this.onMoved?.();
  }

  /** For what is known only by what somebody else stored. */
  follow(position: Position): void {
    this.moveTo(position, false);
  }

  /** Of a projection with what its readers are served from. */
  news(generation?: string): FollowerNews {
    const { follower, position, caughtUp, handled, lastRecordedAt, lastFailure } = this;
    return { follower, position, caughtUp, handled, lastRecordedAt, lastFailure, generation };
  }

  /** For what is told by somebody who follows in this one's place; undefined while nobody does. */
  hear(news: FollowerNews | undefined): void {
    if (news === undefined) return this.lost();
    this.ended = false;
    this.handled = news.handled;
    this.lastRecordedAt = news.lastRecordedAt;
    this.moveTo(news.position, news.caughtUp);
    this.lastFailure = news.lastFailure;
  }

  get isAwaited(): boolean {
    return this.waiters.length > 0;
  }

  failed(failure: unknown): void {
    this.lastFailure = failure instanceof Error ? failure.message : String(failure);
    this.caughtUp = false;
    this.onMoved?.();
  }

  /**
   * Resolves once everything up to `position` has been handled.
   * @throws DomainError not-caught-up after `milliseconds`, or when the follower is stopped
   */
  reach(position: Position, milliseconds?: number): Promise<void> {
    return this.when(({ position: reached }) => reached >= position, `has not reached ${position}`, milliseconds);
  }

  /** Resolves once nothing more was there. Rejects as {@link reach} does. */
  reachEnd(milliseconds?: number): Promise<void> {
    return this.when(({ caughtUp }) => caughtUp, 'has not caught up', milliseconds);
  }

  /** Nobody needs to wait for a follower that was stopped. */
  stopped(): void {
    this.caughtUp = false;
    this.ended = true;
    for (const waiter of this.waiters.splice(0)) waiter.giveUp('before it was stopped');
  }

  /** Whoever waits is told at once: nobody knows for how long. */
  private lost(): void {
    this.stopped();
    this.failed('Nobody follows at the moment.');
  }

  /** Takes over whoever waits for another, which this one replaces. */
  inherit(other: Progress): void {
    this.waiters.push(...other.waiters.splice(0));
    this.wake();
  }

  private when(reached: Waiter['reached'], missed: string, milliseconds?: number): Promise<void> {
    if (reached(this)) return Promise.resolve();
    if (this.ended) return Promise.reject(this.notCaughtUp(`${missed} before it was stopped`));
    return new Promise((resolve, reject) => {
      const giveUp = (why: string): void => {
        clearTimeout(timer);
        waiter.over = true;
        reject(this.notCaughtUp(`${missed} ${why}`));
      };
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const waiter: Waiter = { reached, done, giveUp, over: false };
      const timer =
        milliseconds === undefined
          ? undefined
          : setTimeout(() => giveUp(`within ${milliseconds} ms`), milliseconds).unref();
      this.waiters.push(waiter);
      this.onWaiting?.();
    });
  }

  private wake(): void {
    const waiting = this.waiters;
    this.waiters = [];
    for (const waiter of waiting) {
      if (waiter.over) continue;
      if (waiter.reached(this)) waiter.done();
      else this.waiters.push(waiter);
    }
  }

  private notCaughtUp(what: string): DomainError {
    const message = `${this.follower} ${what}; it is at ${this.position}. Try again shortly.`;
    return new DomainError('not-caught-up', 'not-caught-up', message, { retryAfterSeconds: 1 });
  }
}

interface Waiter {
  /** Asked of the progress that it waits for now, see {@link Progress.inherit}. */
  readonly reached: (progress: Progress) => boolean;
  readonly done: () => void;
  readonly giveUp: (why: string) => void;
  /** It gave up; dropped at the next occasion. */
  over: boolean;
}
