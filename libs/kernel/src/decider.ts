import type { TimeZone } from './calendar.js';
import type { EventCatalogue } from './event-catalogue.js';
import type { DomainEvent } from './event.js';

/** What a decision may know about the outside world: given, never fetched. */
export interface Circumstances {
  /** When it happened, RFC 3339 UTC. */
  readonly at: string;
  /** The id of the aggregate that is decided on. */
  readonly id: string;
  /** By whose days; UTC when left out. */
  readonly zone?: TimeZone;
}

/** An expected "no": what was wrong, where, and what to do about it. */
export interface Rejection {
  readonly rejected: RejectionKind;
  /** Stable, kebab-case, for programs: `already-won`. */
  readonly code: string;
  /** For people: what was wrong, where, what to do. */
  readonly message: string;
  /** JSON pointer of the field at fault, when one is: `/amount`. */
  readonly field?: string;
}

export type RejectionKind = 'invalid' | 'not-found' | 'already-exists' | 'conflict' | 'gone';

export type Decision<E extends DomainEvent> = readonly E[] | Rejection;

/** A command's rule: pure, no clock, no ids of its own, no I/O. */
export type Decide<State, Command, E extends DomainEvent> = (
  state: State,
  command: Command,
  circumstances: Circumstances,
) => Decision<E>;

/** An aggregate: its name (the stream's category), its empty state, its fold and its decisions, one per command. */
export interface Decider<State, E extends DomainEvent, Commands extends object> {
  readonly aggregate: string;
  /** Every event that it can make, with what has become of it since it was first stored. */
  readonly events: EventCatalogue<E>;
  readonly initialState: State;
  /** Never throws: a stored fact cannot be refused. */
  readonly evolve: (state: State, event: E) => State;
  /** A rejection once nothing may change any more, not even by undo. */
  readonly final?: (state: State) => Decision<never> | undefined;
  /**
   * What has to hold of every state, whichever command leads to it; undo asks it too. `before` is the state so far: what was
   * taken under an older rule and does not change now need not be judged.
   */
  readonly sound?: (state: NonNullable<State>, before: State) => Decision<never> | undefined;
  /** Fields that say one thing together: an undo that has to keep one of them keeps all. */
  readonly together?: readonly string[];
  readonly decide: { readonly [C in keyof Commands]: Decide<State, Commands[C], E> };
}

/** Of a decision, or of whatever else stands in a rejection's place. */
export const isRejection = (decided: object): decided is Rejection => 'rejected' in decided;

export const reject = (kind: RejectionKind, code: string, message: string, field?: string): Rejection => ({
  rejected: kind,
  code,
  message,
  ...(field === undefined ? {} : { field }),
});

/** The state after a history; the one fold that commands, undo, history and as-of reads share. */
export const fold = <State, E extends DomainEvent>(
  decider: Pick<Decider<State, E, object>, 'initialState' | 'evolve'>,
  history: Iterable<E>,
): State => {
  let state = decider.initialState;
  for (const event of history) state = decider.evolve(state, event);
  return state;
};
