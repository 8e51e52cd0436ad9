import type { CallContext, Circumstances, Decider, Decision, DomainEvent } from '@rapport/kernel';

/** One decision on one record. */
export interface StepOrder {
  readonly decider: Decider<never, never, object>;
  readonly id: string;
  readonly commandId: string;
  readonly call: CallContext;
  readonly steps: readonly [Step];
}

interface Step {
  readonly name: string;
  readonly input: unknown;
  readonly decide: (state: never, circumstances: Circumstances) => Decision<DomainEvent>;
}

/** The service's write path: load, decide, append. The same command id never does its work twice. */
export type RunStep = (order: StepOrder) => Promise<unknown>;
