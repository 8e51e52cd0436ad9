import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  type CallContext,
  type Circumstances,
  type Decider,
  type Decision,
  type DomainEvent,
  idFrom,
} from '@rapport/kernel';
import { RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { stateIn } from '../state-of.js';

type Of<State, E extends DomainEvent> = Decider<State, E, object>;

/** What a tenant has once, in a stream of its own. */
@Injectable()
export class TenantStreams {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  of<State, E extends DomainEvent>(decider: Of<State, E>, tenant: string): Promise<State> {
    return stateIn(this.runtime.events, decider, tenant, idFrom(decider.aggregate, tenant));
  }

  async change<State, E extends DomainEvent>(
    decider: Of<State, E>,
    name: string,
    { principal, correlationId }: CallContext,
    decide: (state: State, at: Circumstances) => Decision<E>,
  ): Promise<State> {
    const id = idFrom(decider.aggregate, principal.tenant);
    const call = { principal, correlationId, answer: {} };
    const order = { decider, id, steps: [{ name, input: id, decide }], call };
    return (await this.commands.execute(new RunCommand<State, E>(order))).state;
  }
}
