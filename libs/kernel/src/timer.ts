import type { TimeZone } from './calendar.js';
import type { Circumstances, Decider, Decision } from './decider.js';
import type { DomainEvent } from './event.js';

/**
 * A moment that the records of an aggregate wait for, and what it means that it has come. Pure, like the decider that it
 * belongs to: the record's own events say when it is due, and deciding when it is takes nothing but the record.
 */
export interface Timer<State, E extends DomainEvent> {
  readonly decider: Decider<State, E, object>;
  /** Unique within the aggregate, kebab-case: `expected-close`. Stored, never renamed. */
  readonly name: string;
  /** Raise it when {@link dueAt} says something else than before of the same event. */
  readonly version?: number;
  /**
   * What an event says of the timer, by the days of a zone: the instant at which it comes due (RFC 3339 UTC with milliseconds), null when it does
   * not any more, undefined when that stays as it is. Total: a stored fact cannot be refused.
   */
  readonly dueAt: (event: E, zone: TimeZone) => string | null | undefined;
  /** What it means that it has come due. A rejection, or no events, lets it lapse. */
  readonly decide: (state: State, due: ComeDue<State>, circumstances: Circumstances) => Decision<E>;
}

/** A timer that has come due, as it is decided on; that may be much later. */
export interface ComeDue<State> {
  readonly dueAt: string;
  /** The record as it stood when the timer came due. */
  readonly then: State;
}

/** A timer of whatever aggregate. */
export type AnyTimer = Timer<object | null, DomainEvent>;

export const timer = <State extends object | null, E extends DomainEvent>(definition: Timer<State, E>): AnyTimer =>
  definition as unknown as AnyTimer;
