import { CommandBus } from '@nestjs/cqrs';
import { streamName } from '@rapport/event-store';
import { type CallContext, type Circumstances, fold, type RecordedEvent } from '@rapport/kernel';
import { type Provided, RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import type { DuplicateScanEvent } from '../domain/duplicate-scan/duplicate-scan.events.js';
import {
  duplicateScan,
  type DuplicateScanCommands,
  type DuplicateScanState,
  scanId,
} from '../domain/duplicate-scan/duplicate-scan.js';

/** A tenant's latest scan: what is known of it, and what becomes of it. */
export class DuplicateScans {
  constructor(private readonly provided: Provided) {}

  /** From its own stream: never behind. */
  async state(tenant: string): Promise<DuplicateScanState> {
    const history: RecordedEvent[] = [];
    const backwards = this.runtime.engines.events.read(this.stream(tenant), { direction: 'backwards' });
    for await (const event of backwards) {
      history.unshift(event);
      if (event.type === 'DuplicateScanBegun') break;
    }
    return fold(duplicateScan, history as unknown as readonly DuplicateScanEvent[]);
  }

  async isRunning(tenant: string): Promise<boolean> {
    return (await this.state(tenant))?.status === 'running';
  }

  /** @throws DomainError conflict `scan-running`, `no-scan-running` */
  async step<C extends keyof DuplicateScanCommands>(
    command: C,
    input: DuplicateScanCommands[C],
    call: CallContext,
  ): Promise<DuplicateScanState> {
    const decide = (state: DuplicateScanState, at: Circumstances) => duplicateScan.decide[command](state, input, at);
    const steps = [{ name: `${command}DuplicateScan`, input, decide }];
    const order = { decider: duplicateScan, id: scanId(call.principal.tenant), steps, call };
    const commands = this.provided(CommandBus);
    const { state } = await commands.execute(new RunCommand<DuplicateScanState, DuplicateScanEvent>(order));
    return state;
  }

  private get runtime(): ServiceRuntime {
    return this.provided(RUNTIME);
  }

  private stream(tenant: string): string {
    return streamName(duplicateScan.aggregate, tenant, scanId(tenant));
  }
}

/** What the searcher for duplicates does by itself, because of an event. */
export const callAfter = ({ id, metadata: { tenant, correlationId } }: RecordedEvent): CallContext => ({
  principal: { tenant, actor: { kind: 'system', id: 'find-duplicates' }, roles: [] },
  correlationId,
  causationId: id,
  answer: {},
});
