import type { LeaseTimes } from './lease.js';
import type { Term } from './ownership.js';
import type { Ticks } from './ticks.js';

/** A term that lasts for as long as its lease is renewed in time. */
export class LeasedTerm implements Term {
  readonly watched = true;
  readonly signal: AbortSignal;
  private readonly ending = new AbortController();

  /** @param renewedAt when the write that made this term was begun */
  constructor(
    readonly number: number,
    private readonly times: LeaseTimes,
    private readonly ticks: Ticks,
    private renewedAt: number,
  ) {
    this.signal = this.ending.signal;
    void this.expire();
  }

  get holds(): boolean {
    return !this.signal.aborted && !this.expired;
  }

  /** Could not be renewed in time. For good: who has lost it has to begin a new term. */
  get expired(): boolean {
    return this.ticks.now() >= this.renewedAt + this.times.validity;
  }

  get renewalDue(): boolean {
    return this.ticks.now() >= this.renewedAt + this.times.renewal;
  }

  /** A renewal that was begun then went through: nobody can have waited for the lease to expire since. */
  renewed(begunAt: number): void {
    if (!this.expired) this.renewedAt = Math.max(this.renewedAt, begunAt);
  }

  end(): void {
    this.ending.abort();
  }

  private async expire(): Promise<void> {
    while (!this.signal.aborted && !this.expired) {
      const left = this.renewedAt + this.times.validity - this.ticks.now();
      await this.ticks.pause(Math.max(1, left), this.signal);
    }
    this.end();
  }
}
