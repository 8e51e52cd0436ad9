import { Command } from '@nestjs/cqrs';
import type { CallContext, Decider, DomainEvent, RecordedEvent, Circumstances } from '@rapport/kernel';
import type { Decision } from '@rapport/kernel';

type AnyDecider<State, E extends DomainEvent> = Decider<State, E, object>;

/** One decision to take on an aggregate: which events follow from its state. */
export type Step<State, E extends DomainEvent> = {
  /** For logs and traces: `WinOpportunity`. */
  readonly name: string;
  readonly decide: (state: State, circumstances: Circumstances, history: readonly RecordedEvent[]) => Decision<E>;
  /** When it happened, if that was not now. RFC 3339 UTC. */
  readonly occurredAt?: string;
  /** When `occurredAt` lies before the record's last change: refuse (default), or take that change's time instead. */
  readonly whenTooEarly?: 'refuse' | 'clamp';
  /** Digested to tell an honest retry from another request with the same key. */
  readonly input: unknown;
};

export interface CommandOrder<State, E extends DomainEvent> {
  readonly decider: AnyDecider<State, E>;
  readonly id: string;
  /** Taken one after the other, appended together: all or nothing. */
  readonly steps: readonly Step<State, E>[];
  readonly call: CallContext;
  /** Names the events; the same command id never does its work twice. A new one when left out. */
  readonly commandId?: string;
  /** Whether the caller sees the record of a history. One out of sight is treated as if it were not there. */
  readonly isSeen?: (history: readonly RecordedEvent[]) => boolean;
  /** Of the record's personal fields those that the tenant says are nobody's secret: custom ones. Everything else is sealed. */
  readonly inClear?: readonly string[];
  /** The id was made just now, so there is no history to load. */
  readonly fresh?: boolean;
}

/** What became of a command. */
export interface CommandOutcome<State> {
  readonly id: string;
  readonly state: State;
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
  /** Something in its history was about somebody who was erased since. */
  readonly erased?: true;
}

/** On the command bus: load the stream, fold, decide, append with the expected revision. */
export class RunCommand<State, E extends DomainEvent> extends Command<CommandOutcome<State>> {
  constructor(readonly order: CommandOrder<State, E>) {
    super();
  }
}
