import { CommandBus } from '@nestjs/cqrs';
import { everythingOf } from '@rapport/access';
import { streamName } from '@rapport/event-store';
import { type CallContext, type Circumstances, fold, type RecordedEvent } from '@rapport/kernel';
import { where } from '@rapport/read-models';
import { type Provided, RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import type { DuplicateScanEvent } from '../domain/duplicate-scan/duplicate-scan.events.js';
import {
  duplicateScan,
  type DuplicateScanCommands,
  type DuplicateScanState,
  scanId,
} from '../domain/duplicate-scan/duplicate-scan.js';
import { matchedKinds } from './kinds.js';

/** A third of a gigabyte for each hundred thousand, of the two that a thread has. */
export const MOST_SCANNED = 300_000;

/** A tenant's latest scan: what is known of it, and what becomes of it. */
export class DuplicateScans {
  constructor(private readonly provided: Provided) {}

  /** From its own stream: never behind. */
  async state(tenant: string): Promise<DuplicateScanState> {
    return fold(duplicateScan, (await this.latest(tenant)) as unknown as readonly DuplicateScanEvent[]);
  }

  /** When the latest scan began, RFC 3339, and what became of it; undefined where there was none. */
  async begun(tenant: string): Promise<{ readonly at: string; readonly isFinished: boolean } | undefined> {
    const events = await this.latest(tenant);
    const at = events[0]?.recordedAt;
    return at === undefined ? undefined : { at, isFinished: events.at(-1)!.type === 'DuplicateScanFinished' };
  }

  private async latest(tenant: string): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    const backwards = this.runtime.engines.events.read(this.stream(tenant), { direction: 'backwards' });
    for await (const event of backwards) {
      events.unshift(event);
      if (event.type === 'DuplicateScanBegun') break;
    }
    return events;
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

  /** Whether there are more records of a kind than a scan holds in memory. */
  async isTooLarge(tenant: string): Promise<boolean> {
    const inUse = where('archived', '=', false);
    for (const { list } of matchedKinds) {
      const { documents } = this.runtime.projection(list);
      if ((await documents.count(everythingOf(tenant), inUse)) > MOST_SCANNED) return true;
    }
    return false;
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
