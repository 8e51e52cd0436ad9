import { CommandBus } from '@nestjs/cqrs';
import { streamName } from '@rapport/event-store';
import { type CallContext, type Circumstances, fold, idBeside, type RecordedEvent } from '@rapport/kernel';
import { RunCommand } from '../../commands/run-command.js';
import type { Provided } from '../../service/service-definition.js';
import type { ServiceRuntime } from '../../service/service-runtime.js';
import { RUNTIME } from '../../service/tokens.js';
import {
  type Deletion,
  deletion,
  DELETION,
  type DeletionCommands,
  deletionId,
  type DeletionState,
} from './deletion.js';
import type { DeletionEvent } from './deletion.events.js';

/** The stream of each workspace's deletion, in one context. */
export class DeletionLog {
  private readonly runtime: ServiceRuntime;

  constructor(private readonly provided: Provided) {
    this.runtime = provided(RUNTIME);
  }

  async state(tenant: string): Promise<DeletionState> {
    return fold(deletion, (await this.history(tenant)) as unknown as readonly DeletionEvent[]);
  }

  history(tenant: string): Promise<readonly RecordedEvent[]> {
    return Array.fromAsync(this.runtime.events.read(streamOf(tenant)));
  }

  /** Because somebody wants it. */
  async run<C extends keyof DeletionCommands>(
    command: C,
    input: DeletionCommands[C],
    call: CallContext,
    commandId?: string,
  ): Promise<void> {
    const decide = (state: DeletionState, at: Circumstances) => deletion.decide[command](state, input, at);
    const steps = [{ name: `${command}WorkspaceDeletion`, input, decide }];
    const order = { decider: deletion, id: deletionId(call.principal.tenant), steps, call };
    await this.provided(CommandBus).execute(
      new RunCommand<DeletionState, DeletionEvent>({ ...order, ...(commandId && { commandId }) }),
    );
  }

  /** Because of an event. */
  step<C extends keyof DeletionCommands>(command: C, input: DeletionCommands[C], cause: RecordedEvent): Promise<void> {
    return this.run(command, input, callOf(cause), idBeside(cause.id, command));
  }

  /** Resolves once it is so, or the signal has come. */
  async until(tenant: string, isSo: (state: Deletion) => boolean, signal: AbortSignal): Promise<DeletionState> {
    const { events } = this.runtime;
    const after = await events.end();
    let state = await this.state(tenant);
    if (!state || isSo(state)) return state;
    const enough = new AbortController();
    const until = AbortSignal.any([signal, enough.signal]);
    for await (const { events: more } of events.follow({ prefixes: [streamOf(tenant)], after, signal: until })) {
      if (more.length > 0) state = await this.state(tenant);
      if (state && isSo(state)) enough.abort();
    }
    return state;
  }
}

const streamOf = (tenant: string): string => streamName(DELETION, tenant, deletionId(tenant));

/** What the system does by itself, because somebody wanted a workspace deleted. */
const callOf = ({ id, metadata: { tenant, actor, correlationId } }: RecordedEvent): CallContext => ({
  principal: { tenant, actor: { kind: 'system', id: DELETION, onBehalfOf: actor.onBehalfOf ?? actor.id }, roles: [] },
  correlationId,
  causationId: id,
  answer: {},
});
