import type { CommandBus } from '@nestjs/cqrs';
import { streamName } from '@rapport/event-store';
import { fold, idBeside, type CallContext, type RecordedEvent } from '@rapport/kernel';
import { RunCommand } from '../commands/run-command.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { erasure, type ErasureCommands, type ErasureState } from './erasure.js';
import type { ErasureEvent } from './erasure.events.js';

/** Streams of erasures, each under the id of its receipt. */
export class ErasureLog {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly commands: CommandBus,
  ) {}

  /** Takes the next step, because of an event. */
  async step<C extends keyof ErasureCommands>(
    id: string,
    command: C,
    input: ErasureCommands[C],
    cause: RecordedEvent,
  ): Promise<void> {
    const decide = erasure.decide[command];
    const step = {
      name: `${command}Erasure`,
      input,
      decide: (state: ErasureState, at: { at: string; id: string }) => decide(state, input, at),
    };
    const commandId = idBeside(cause.id, command);
    await this.commands.execute(
      new RunCommand<ErasureState, ErasureEvent>({
        decider: erasure,
        id,
        steps: [step],
        call: callOf(cause),
        commandId,
      }),
    );
  }

  /** Resolves once the receipt is signed, or the signal has come. */
  async signed(tenant: string, id: string, signal: AbortSignal): Promise<void> {
    const { events } = this.runtime;
    const stream = streamName(erasure.aggregate, tenant, id);
    const after = await events.end();
    if ((await this.load(tenant, id)).state?.signed) return;
    const enough = new AbortController();
    const until = AbortSignal.any([signal, enough.signal]);
    for await (const page of events.follow({ prefixes: [stream], after, signal: until }))
      if (page.events.some(({ type }) => type === 'ErasureReceiptSigned')) enough.abort();
  }

  async load(tenant: string, id: string): Promise<{ state: ErasureState; events: readonly RecordedEvent[] }> {
    const events: RecordedEvent[] = [];
    for await (const event of this.runtime.events.read(streamName(erasure.aggregate, tenant, id))) events.push(event);
    return { state: fold(erasure, events as unknown as readonly ErasureEvent[]), events };
  }
}

/** What the system does by itself, because somebody wanted a person erased. */
const callOf = ({ id, metadata: { tenant, actor, correlationId, traceparent } }: RecordedEvent): CallContext => ({
  principal: {
    tenant,
    actor: { kind: 'system', id: 'erasure', onBehalfOf: actor.onBehalfOf ?? actor.id },
    roles: [],
  },
  correlationId,
  causationId: id,
  answer: {},
  ...(traceparent === undefined ? {} : { traceparent }),
});
