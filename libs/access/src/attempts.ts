import { DomainError } from '@rapport/kernel';

/** So many may fail before anybody has to wait: people mistype, and offices share an address. */
const FREE = { account: 5, address: 30 } as const;
const LONGEST_WAIT_SECONDS = 15 * 60;
/** What is older is forgotten. */
const MEMORY_MILLISECONDS = 24 * 3_600_000;
const REMEMBERED = 20_000;

interface Failures {
  count: number;
  /** By the ticks: nobody is let try before. */
  until: number;
  last: number;
}

type Kind = keyof typeof FREE;

/** One attempt to sign in. It counts as failed until it is said to have succeeded: many at once are many. */
export interface Attempt {
  succeeded(): void;
}

/** Growing waits for whoever fails again and again to sign in, per account and per address. Each gateway counts for itself. */
export class Attempts {
  readonly #failures = new Map<string, Failures>();

  /** @param ticks milliseconds from any beginning, never set back */
  constructor(private readonly ticks: () => number = () => performance.now()) {}

  /** @throws DomainError rate-limited, saying when to come back */
  begin(account: string, address?: string): Attempt {
    const names: (readonly [Kind, string])[] = [['account', account]];
    if (address !== undefined) names.push(['address', address]);
    for (const [kind, name] of names) this.#refuseEarly(`${kind} ${name}`);
    for (const [kind, name] of names) this.#failed(kind, `${kind} ${name}`);
    return {
      succeeded: () => {
        this.#failures.delete(`account ${account}`);
        const ofAddress = this.#failures.get(`address ${address}`);
        if (ofAddress) ofAddress.count -= 1;
      },
    };
  }

  #refuseEarly(key: string): void {
    const left = (this.#failures.get(key)?.until ?? 0) - this.ticks();
    if (left <= 0) return;
    const retryAfterSeconds = Math.ceil(left / 1000);
    const message = `Signing in failed too often. Come back in ${retryAfterSeconds} s, or ask an administrator for a new link.`;
    throw new DomainError('rate-limited', 'sign-in-locked', message, { retryAfterSeconds });
  }

  #failed(kind: Kind, key: string): void {
    const now = this.ticks();
    const before = this.#failures.get(key);
    const isKnown = before !== undefined && now - before.last < MEMORY_MILLISECONDS;
    const failures = isKnown ? before : { count: 0, until: 0, last: now };
    failures.count += 1;
    failures.last = now;
    const over = failures.count - FREE[kind];
    if (over >= 0) failures.until = now + 1000 * Math.min(2 ** over, LONGEST_WAIT_SECONDS);
    // The one that was touched last is the last to be forgotten.
    this.#failures.delete(key);
    if (this.#failures.size >= REMEMBERED) this.#failures.delete(this.#failures.keys().next().value!);
    this.#failures.set(key, failures);
  }
}
