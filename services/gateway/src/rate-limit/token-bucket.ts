/** How much a caller may spend: `quota` at once, and as much again in every `windowSeconds`. */
export interface RateLimitPolicy {
  readonly quota: number;
  readonly windowSeconds: number;
}

/** A bucket that fills steadily; every request takes out what it costs. */
export class TokenBucket {
  #level: number;
  #filledAt: number;
  readonly #perMillisecond: number;

  constructor(
    private readonly policy: RateLimitPolicy,
    now: number,
  ) {
    this.#level = policy.quota;
    this.#filledAt = now;
    this.#perMillisecond = policy.quota / (policy.windowSeconds * 1000);
  }

  /** Takes `cost` out, or nothing when there is not enough. `now` in milliseconds. */
  take(cost: number, now: number): boolean {
    this.#level = Math.min(this.policy.quota, this.#level + (now - this.#filledAt) * this.#perMillisecond);
    this.#filledAt = now;
    if (this.#level < cost) return false;
    this.#level -= cost;
    return true;
  }

  /** Whole units left. */
  get remaining(): number {
    return Math.floor(this.#level);
  }

  /** Seconds until `cost` can be taken, rounded up. */
  secondsUntil(cost: number): number {
    return Math.max(1, Math.ceil((Math.min(cost, this.policy.quota) - this.#level) / this.#perMillisecond / 1000));
  }

  /** Seconds until it is full again, rounded up. */
  get secondsUntilFull(): number {
    return Math.ceil((this.policy.quota - this.#level) / this.#perMillisecond / 1000);
  }
}
