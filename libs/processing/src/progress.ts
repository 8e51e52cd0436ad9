import type { Page } from '@rapport/event-store';
import { DomainError, START, type Position } from '@rapport/kernel';

/** How far a follower has come, and who is waiting for it. */
export class Progress {
  position: Position = START;
  caughtUp = false;
  handled = 0;
  /** When the last handled event was recorded; the age of what readers see. */
  lastRecordedAt: string | undefined;
  lastFailure: string | undefined;
  private waiters: Waiter[] = [];

  constructor(readonly follower: string) {}

  startedAt(position: Position): void {
    this.position = position;
    this.caughtUp = false;
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
  }

  failed(failure: unknown): void {
    this.lastFailure = failure instanceof Error ? failure.message : String(failure);
    this.caughtUp = false;
  }

  /**
   * Resolves once everything up to `position` has been handled.
   * @throws DomainError not-caught-up after `milliseconds`
   */
  async reach(position: Position, milliseconds: number): Promise<void> {
    if (this.position >= position) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters = this.waiters.filter((waiter) => waiter !== entry);
        reject(this.tooLate(position, milliseconds));
      }, milliseconds);
      timer.unref();
      const entry: Waiter = { position, resolve, timer };
      this.waiters.push(entry);
    });
  }

  private wake(): void {
    const still: Waiter[] = [];
    for (const waiter of this.waiters) {
      if (waiter.position > this.position) {
        still.push(waiter);
        continue;
      }
      clearTimeout(waiter.timer);
      waiter.resolve();
    }
    this.waiters = still;
  }

  private tooLate(position: Position, milliseconds: number): DomainError {
    return new DomainError(
      'not-caught-up',
      'not-caught-up',
      `${this.follower} has not reached ${position} within ${milliseconds} ms; it is at ${this.position}. Try again shortly.`,
      { retryAfterSeconds: 1 },
    );
  }
}

interface Waiter {
  readonly position: Position;
  readonly resolve: () => void;
  readonly timer: NodeJS.Timeout;
}
