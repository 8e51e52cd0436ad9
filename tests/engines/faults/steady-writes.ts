import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '@rapport/kernel';
import { Api, ProblemError } from '../../journeys/support/api.js';
import { ADMINISTRATOR } from '../../journeys/support/assembly.js';

/** What one account's client wrote down: the names it was told are stored, in their order. */
export interface WrittenAccount {
  readonly id: string;
  readonly names: readonly string[];
}

export interface Tally {
  readonly acknowledged: number;
  /** Answers that were failures, or never came; each such write was sent again with the same key. */
  readonly repeated: number;
  readonly perSecond: number;
  /** Longest time from a write's first try to its answer, in milliseconds. */
  readonly longest: number;
}

/** Of each account there is one create and two edits. */
const STEPS = 3;
const TICK_MILLISECONDS = 10;
/** A client that gets no answer gives up a try after this, and tries again. */
const TRY_MILLISECONDS = 15_000;
const BETWEEN_TRIES_MILLISECONDS = 100;

/**
 * Clients that write at a steady rate, whatever the platform does: a write that fails is sent again with its
 * `Idempotency-Key` until it is acknowledged. Only what was acknowledged is in the log; when it has ended, that is everything.
 */
export class SteadyWrites {
  readonly accounts: WrittenAccount[] = [];
  readonly #api: Api;
  readonly #waiting: Account[] = [];
  readonly #under = new Set<Promise<void>>();
  #acknowledged = 0;
  #repeated = 0;
  #longest = 0;

  constructor(address: string) {
    this.#api = new Api(address, ADMINISTRATOR);
  }

  /** Writes for so long, then waits until everything that was begun is acknowledged. */
  async run({ seconds, perSecond }: { readonly seconds: number; readonly perSecond: number }): Promise<Tally> {
    const begun = performance.now();
    this.#acknowledged = this.#repeated = this.#longest = 0;
    for (let sent = 0; performance.now() - begun < seconds * 1000;) {
      const due = Math.floor(((performance.now() - begun) / 1000) * perSecond);
      for (; sent < due; sent += 1) this.#send();
      await pause(TICK_MILLISECONDS);
    }
    const perSecondAcknowledged = this.#acknowledged / ((performance.now() - begun) / 1000);
    // A step that ends lets the next one begin only by the clock, which has stopped.
    while (this.#under.size > 0) await Promise.all(this.#under);
    return {
      acknowledged: this.#acknowledged,
      repeated: this.#repeated,
      perSecond: Math.round(perSecondAcknowledged),
      longest: Math.round(this.#longest),
    };
  }

  /** The next step of the account that has waited longest, or a new account. */
  #send(): void {
    const account = this.#waiting.shift() ?? new Account();
    const sending = this.#step(account).finally(() => this.#under.delete(sending));
    this.#under.add(sending);
  }

  async #step(account: Account): Promise<void> {
    const name = `${account.reference} ${account.names.length}`;
    const begun = performance.now();
    const { id } = await this.#untilAcknowledged(account, name);
    this.#longest = Math.max(this.#longest, performance.now() - begun);
    this.#acknowledged += 1;
    if (account.names.length === 0) this.accounts.push(account);
    account.id = id;
    account.names.push(name);
    if (account.names.length < STEPS) this.#waiting.push(account);
  }

  async #untilAcknowledged({ id, reference }: Account, name: string): Promise<{ readonly id: string }> {
    const headers = { 'idempotency-key': name.replaceAll(' ', '-') };
    const [method, path, body] =
      id === ''
        ? (['POST', '/v1/accounts', { name, externalId: reference }] as const)
        : (['PATCH', `/v1/accounts/${id}`, { name }] as const);
    for (;;) {
      try {
        const signal = AbortSignal.timeout(TRY_MILLISECONDS);
        const response = await this.#api.fetch(method, path, { body, headers }, signal);
        const answer = (await response.json()) as {
          readonly id: string;
          readonly status?: number;
          readonly detail?: string;
        };
        if (response.ok) return answer;
        if (response.status < 500 && !MAY_BE_REPEATED.has(response.status))
          throw new Refused(`${response.status}: ${answer.detail}`);
      } catch (failure) {
        if (failure instanceof Refused || failure instanceof ProblemError) throw failure;
      }
      this.#repeated += 1;
      await pause(BETWEEN_TRIES_MILLISECONDS);
    }
  }
}

/** It took too long to send, or too much was sent: the answer says to send it again. */
const MAY_BE_REPEATED: ReadonlySet<number> = new Set([408, 429]);

/** The platform says no where it should not: no repetition helps. */
class Refused extends Error {}

class Account implements WrittenAccount {
  id = '';
  readonly names: string[] = [];
  readonly reference = `account ${newId()}`;
}
