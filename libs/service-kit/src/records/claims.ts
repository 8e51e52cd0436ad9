import { streamName, type EventStore } from '@rapport/event-store';
import { type CallContext, type Decider, type DomainEvent, fold, isRejection } from '@rapport/kernel';
import type { CommandOrder } from '../commands/run-command.js';

/** What a write is about to make of a record; null where there is none. */
export interface Change<State> {
  readonly id: string;
  readonly before: State;
  readonly after: State;
}

/** What a write has made of a record, whether it came about as expected or not. */
export interface Outcome<State> {
  readonly id: string;
  /** What the record was, and what it was expected to become. */
  readonly past: readonly State[];
  readonly present: State;
}

/**
 * What has to hold between records and so is decided in streams beside them: nobody else has this address, somebody is left
 * who may do everything. Asked around every write of a record, whichever command it is.
 */
export interface Claims<State> {
  /** Whether there may be anything to ask for, so that other writes do not pay for it; always when left out. */
  concerns?(call: CallContext): Promise<boolean>;
  /** Takes what the record is going to need. @throws DomainError where it cannot be had */
  take(change: Change<State>, call: CallContext): Promise<void>;
  /** Lets go of what the record does not need: what it had, or was about to have; where left out there is nothing to let go of. */
  settle?(outcome: Outcome<State>, call: CallContext): Promise<void>;
}

type Asked<State, E extends DomainEvent> = Pick<CommandOrder<State, E>, 'id' | 'steps' | 'call' | 'isSeen'>;

/** Has claims taken before a write, and settled after it, whether it came about or not. */
export class ClaimedWrites<State, E extends DomainEvent> {
  constructor(
    private readonly decider: Decider<State, E, object>,
    private readonly events: EventStore,
    private readonly claims: Claims<State>,
  ) {}

  async around<T>(asked: Asked<State, E>, write: () => Promise<T>): Promise<T> {
    if ((await this.claims.concerns?.(asked.call)) === false) return write();
    const change = await this.expected(asked);
    if (!change) return write();
    const { id, call } = asked;
    if (!this.claims.settle) {
      await this.claims.take(change, call);
      return write();
    }
    try {
      await this.claims.take(change, call);
      return await write();
    } finally {
      const present = fold(this.decider, await this.history(id, call));
      await this.claims.settle({ id, past: [change.before, change.after], present }, call);
    }
  }

  /**
   * What steps will make of a record as it is at this moment. Undefined where they are refused, or the record is out of sight:
   * then it is for the write to say so.
   */
  private async expected({ id, steps, call, isSeen }: Asked<State, E>): Promise<Change<State> | undefined> {
    const history = await this.history(id, call);
    if (history.length > 0 && isSeen && !isSeen(history as never)) return undefined;
    const before = fold(this.decider, history);
    let after = before;
    for (const step of steps) {
      const decision = step.decide(after, { at: EXPECTED_AT, id }, history as never);
      if (isRejection(decision)) return undefined;
      after = decision.reduce((state, event) => this.decider.evolve(state, event), after);
    }
    return { id, before, after };
  }

  private async history(id: string, { principal }: CallContext): Promise<readonly E[]> {
    const stream = streamName(this.decider.aggregate, principal.tenant, id);
    return (await Array.fromAsync(this.events.read(stream))) as unknown as readonly E[];
  }
}

/** Claims follow from what a record says, not from when. */
const EXPECTED_AT = '1970-01-01T00:00:00.000Z';
