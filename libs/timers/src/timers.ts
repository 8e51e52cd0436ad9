import { everythingOf } from '@rapport/access';
import type { EventStore } from '@rapport/event-store';
import { type Clock, DomainError, type Position } from '@rapport/kernel';
import { ATTRIBUTES, meter, METRICS } from '@rapport/observability';
import {
  backoff,
  NO_TENANT,
  type Campaign,
  type Ownership,
  type Term,
  type Ticks,
  type Trouble,
} from '@rapport/processing';
import { and, type Documents, where } from '@rapport/read-models';
import type { DueTimersDocument } from './due-timers.js';
import { codeOf, type Firing } from './firing.js';
import { PlainClock } from './plain-clock.js';
import { firingId, type DueTimer } from './timer-events.js';

/** The rows, only ever complete ones, and how to wait until they show a write; a `LiveProjection` of `dueTimers` is one. */
export interface DueRows {
  readonly documents: Documents<DueTimersDocument>;
  /** @throws DomainError not-caught-up */
  reach(position: Position, milliseconds: number): Promise<void>;
}

export interface TimersParts {
  readonly firing: Firing;
  readonly rows: DueRows;
  readonly events: Pick<EventStore, 'end'>;
  /** Which of the service's processes fires. */
  readonly ownership: Ownership;
  readonly clock: Clock;
  readonly ticks: Ticks;
  readonly trouble?: Trouble;
}

/** What only one of a service's processes does at a time, as its lease is called. */
export const TIMERS = 'timers';

/** Between two looks when nothing was due at the first. */
const LOOK_MILLISECONDS = 1_000;
const SHOWN_WITHIN_MILLISECONDS = 1_000;

/** Of one tenant, before it is the next one's turn. */
const PER_TURN = 20;

/** Tries before a timer is parked. */
const ATTEMPTS = 10;

/** They belong to no tenant. */
const ROWS = everythingOf(NO_TENANT);

const ended = meter.counter(METRICS.timers);

/**
 * Fires what is due, in the one process that owns this. It looks again only once the rows show what it fired last; what it
 * fires in spite of that, or another owner at the same time, changes nothing.
 */
export class Timers {
  readonly #clock: PlainClock;
  /** Of timers that failed and wait for their next try, by the id of their firing. */
  readonly #tries = new Map<string, { readonly attempts: number; readonly notBefore: number }>();
  #campaign: Campaign | undefined;
  #failure: string | undefined;

  constructor(private readonly parts: TimersParts) {
    const { clock, ticks } = parts;
    this.#clock = new PlainClock(clock, ticks, (ahead) => this.#tell(new ClockJumped(ahead)));
  }

  start(): void {
    this.#campaign = this.parts.ownership.campaign(
      TIMERS,
      (term) => this.#work(term),
      () => this.#failure,
    );
  }

  /** Ends after the timers in hand. */
  async stop(): Promise<void> {
    await this.#campaign?.stop();
  }

  async #work(term: Term): Promise<void> {
    const { rows, events, ticks } = this.parts;
    this.#tries.clear();
    // Whoever owned this before may have fired something that the rows do not show yet.
    let written: Position | undefined;
    for (let failures = 0; term.holds;) {
      try {
        written ??= await events.end();
        await rows.reach(written, SHOWN_WITHIN_MILLISECONDS);
        const last = await this.#turn(term);
        failures = 0;
        this.#failure = undefined;
        if (last === undefined) await ticks.pause(LOOK_MILLISECONDS, term.signal);
        else written = last;
      } catch (failure) {
        failures += 1;
        if (!isNotCaughtUp(failure) && term.holds) this.#tell(failure, failures);
        await ticks.pause(backoff(failures), term.signal);
      }
    }
  }

  /** Gives each tenant its turn. Answers where the last of what was done is written, undefined when there was nothing to do. */
  async #turn(term: Term): Promise<Position | undefined> {
    const now = this.#clock.now();
    if (!now) return undefined;
    const filter = where('dueAt', '<=', now.toISOString());
    const tenants = await this.parts.rows.documents.aggregate(ROWS, { filter, groupBy: ['of'] });
    let last: Position | undefined;
    for (const { key } of tenants) {
      if (!term.holds) break;
      const due = await this.#dueOf(String(key[0]), now);
      for (const position of await Promise.all(due.map((timer) => this.#fire(timer)))) {
        if (position !== undefined && (last === undefined || position > last)) last = position;
      }
    }
    return last;
  }

  async #dueOf(tenant: string, now: Date): Promise<readonly DueTimer[]> {
    const by = now.toISOString();
    const { documents } = await this.parts.rows.documents.query(ROWS, {
      filter: and(where('of', '=', tenant), where('dueAt', '<=', by)),
      sort: [{ field: 'dueAt' }],
      limit: Math.min(1_000, PER_TURN + this.#tries.size),
    });
    return documents
      .flatMap(({ id: record, timers }) =>
        Object.entries(timers).map(([timer, dueAt]): DueTimer => ({ record, timer, dueAt })),
      )
      .filter((due) => due.dueAt <= by && this.#mayTry(due))
      .slice(0, PER_TURN);
  }

  #mayTry(due: DueTimer): boolean {
    const tried = this.#tries.get(firingId(due));
    return tried === undefined || tried.notBefore <= this.parts.ticks.now();
  }

  /** Where it is written what became of it; undefined when it is to be tried again. */
  async #fire(due: DueTimer): Promise<Position | undefined> {
    const { firing, ticks } = this.parts;
    const id = firingId(due);
    const attempts = (this.#tries.get(id)?.attempts ?? 0) + 1;
    try {
      const { outcome, position } = await firing.fire(due);
      this.#tries.delete(id);
      ended.add(1, { [ATTRIBUTES.outcome]: outcome });
      return position;
    } catch (failure) {
      this.#tell(failure, attempts);
      this.#tries.set(id, { attempts, notBefore: ticks.now() + backoff(attempts) });
      return attempts < ATTEMPTS ? undefined : this.#park(due, codeOf(failure));
    }
  }

  async #park(due: DueTimer, reason: string): Promise<Position | undefined> {
    try {
      const position = await this.parts.firing.park(due, reason);
      this.#tries.delete(firingId(due));
      ended.add(1, { [ATTRIBUTES.outcome]: 'parked' });
      return position;
    } catch {
      // Nothing can be written: then that may be all that is wrong with it.
      return undefined;
    }
  }

  #tell(failure: unknown, attempt = 1): void {
    this.#failure = failure instanceof Error ? failure.message : String(failure);
    this.parts.trouble?.(TIMERS, failure, attempt);
  }
}

class ClockJumped extends Error {
  override readonly name = 'ClockJumped';

  constructor(milliseconds: number) {
    const by = `${Math.round(Math.abs(milliseconds) / 1_000)} s ${milliseconds < 0 ? 'back' : 'ahead'}`;
    super(`The clock jumped ${by}. Timers wait until it has gone along with the monotonic clock for a while.`);
  }
}

const isNotCaughtUp = (failure: unknown): boolean => failure instanceof DomainError && failure.kind === 'not-caught-up';
