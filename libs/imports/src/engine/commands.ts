import type {
  CallContext,
  Circumstances,
  Decider,
  Decision,
  DomainEvent,
  Policy,
  RecordedEvent,
} from '@rapport/kernel';

/** The write path as the engine uses it: load, fold, decide every step, append everything in one go. */
export type RunSteps = (order: StepsOrder) => Promise<StepsOutcome>;

export type AnyDecider = Decider<object | null, DomainEvent, object>;

export interface StepsOrder {
  readonly decider: AnyDecider;
  readonly id: string;
  readonly steps: readonly OrderedStep[];
  readonly call: CallContext;
  /** The same command id never does its work twice; repeated, it answers with the first outcome. */
  readonly commandId?: string;
}

export interface OrderedStep {
  readonly name: string;
  readonly input: unknown;
  readonly occurredAt?: string;
  readonly whenTooEarly?: 'refuse' | 'clamp';
  readonly decide: (
    state: object | null,
    circumstances: Circumstances,
    history: readonly RecordedEvent[],
  ) => Decision<DomainEvent>;
}

export interface StepsOutcome {
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly revision: number;
}

/** The circumstances of what an import does by itself, in the name of the user who started it. */
export const callOf = (tenant: string, importId: string, by?: string, policy?: Policy): CallContext => ({
  principal: {
    tenant,
    actor: { kind: 'import', id: importId, ...(by === undefined ? {} : { onBehalfOf: by }) },
    roles: [],
    ...(policy && { policy }),
  },
  correlationId: importId,
  answer: {},
});
