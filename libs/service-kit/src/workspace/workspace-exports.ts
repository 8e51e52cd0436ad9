import { CommandBus } from '@nestjs/cqrs';
import { everythingOf } from '@rapport/access';
import { partsOf, prefixOf, streamName } from '@rapport/event-store';
import {
  type CallContext,
  type Circumstances,
  fold,
  idFrom,
  type Position,
  type RecordedEvent,
  START,
} from '@rapport/kernel';
import { pause, type Reaction, toCloudEvent } from '@rapport/processing';
import type { Document } from '@rapport/read-models';
import { RunCommand } from '../commands/run-command.js';
import type { Provided } from '../service/service-definition.js';
import type { AnyRecord } from '../service/served-record.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { RUNTIME } from '../service/tokens.js';
import { SealedArchive } from './sealed-archive.js';
import {
  workspaceExport,
  type WorkspaceExportCommands,
  type WorkspaceExportEvent,
  type WorkspaceExportState,
} from './workspace-export.js';

const PAGE = 500;
const CAUGHT_UP_WITHIN_MILLISECONDS = 60_000;

/** Archives are written once they were asked for, and gone once they have expired. */
export const exportReactions = (provided: Provided): readonly Reaction[] => [
  {
    name: 'write-workspace-exports',
    prefixes: [prefixOf(workspaceExport.aggregate)],
    types: ['WorkspaceExportBegun'],
    react: async (event, signal) => ((await new WorkspaceExports(provided).write(event, signal)) ? 'done' : 'retry'),
    attempts: Infinity,
  },
  {
    name: 'forget-workspace-exports',
    prefixes: [prefixOf(workspaceExport.aggregate)],
    types: ['WorkspaceExportExpired'],
    react: async (event) => {
      const { engines }: ServiceRuntime = provided(RUNTIME);
      await engines.files.forget(partsOf(event.stream), event.metadata.occurredAt);
      return 'done';
    },
    attempts: Infinity,
  },
];

export class WorkspaceExports {
  private readonly runtime: ServiceRuntime;

  constructor(private readonly provided: Provided) {
    this.runtime = provided(RUNTIME);
  }

  async state(tenant: string, id: string): Promise<WorkspaceExportState> {
    const history: RecordedEvent[] = [];
    const stream = streamName(workspaceExport.aggregate, tenant, id);
    for await (const event of this.runtime.engines.events.read(stream)) history.push(event);
    return fold(workspaceExport, history as unknown as readonly WorkspaceExportEvent[]);
  }

  async step<C extends keyof WorkspaceExportCommands>(
    id: string,
    command: C,
    input: WorkspaceExportCommands[C],
    call: CallContext,
    commandId?: string,
  ): Promise<void> {
    const decide = (state: WorkspaceExportState, at: Circumstances) =>
      workspaceExport.decide[command](state, input, at);
    const steps = [{ name: `${command}WorkspaceExport`, input: id, decide }];
    const order = { decider: workspaceExport, id, steps, call, ...(commandId && { commandId }) };
    await this.provided(CommandBus).execute(new RunCommand<WorkspaceExportState, WorkspaceExportEvent>(order));
  }

  /** False when it was broken off; it is begun anew then. */
  async write(begun: RecordedEvent, signal: AbortSignal): Promise<boolean> {
    const { tenant, id } = partsOf(begun.stream);
    const { definition, engines } = this.runtime;
    const state = await this.state(tenant, id);
    if (!state || state.finished || state.expired) return true;
    const now = engines.clock.now();
    const upTo = await engines.events.end();
    const archive = await SealedArchive.begin(engines.files, { tenant, id }, now);
    for (const { record } of definition.records)
      await archive.add(`${record.plural}.ndjson`, this.records(record, tenant, upTo, signal));
    await archive.add('events.ndjson', this.events(tenant, upTo, signal));
    if (signal.aborted) return false;
    const { context } = definition;
    const done = await archive.finish({ context, tenant, exportId: id, at: now.toISOString(), upTo });
    await this.step(id, 'finish', { ...done, files: archive.files }, callOf(begun), idFrom(begun.id, 'finish'));
    return true;
  }

  /** Whoever is in them is to be forgotten. Answers how many there were. */
  async expireAll(cause: RecordedEvent, signal: AbortSignal): Promise<number> {
    const { tenant } = cause.metadata;
    const ids = new Set<string>();
    const prefix = `${prefixOf(workspaceExport.aggregate)}${tenant}-`;
    for await (const event of this.follow([prefix], await this.runtime.engines.events.end(), signal))
      ids.add(partsOf(event.stream).id);
    let expired = 0;
    for (const id of ids) {
      if ((await this.state(tenant, id))?.expired !== false) continue;
      await this.step(id, 'expire', {}, callOf(cause), idFrom(cause.id, 'expire', id));
      await this.runtime.engines.files.forget({ tenant, id }, cause.metadata.occurredAt);
      expired += 1;
    }
    return expired;
  }

  private async *records(
    { projection, kind }: AnyRecord,
    tenant: string,
    upTo: Position,
    signal: AbortSignal,
  ): AsyncGenerator<object> {
    const list = this.runtime.projection<Document>(projection);
    await list.reach(upTo, CAUGHT_UP_WITHIN_MILLISECONDS);
    const sort = [{ field: 'id', descending: false }];
    for (let cursor: string | undefined = ''; cursor !== undefined && !signal.aborted;) {
      const query = { sort, limit: PAGE, ...(cursor && { cursor }) };
      const page: { documents: readonly Document[]; next?: string } = await list.documents.query(
        everythingOf(tenant),
        query,
      );
      for (const document of page.documents) {
        const { revision, createdAt, updatedAt, archived } = document as unknown as Info;
        yield kind.message.fromPartial({ ...document, info: { revision, createdAt, updatedAt, archived } });
      }
      cursor = page.next;
    }
  }

  /** As they are on the feed. */
  private async *events(tenant: string, upTo: Position, signal: AbortSignal): AsyncGenerator<object> {
    const { aggregates } = this.runtime.definition;
    const prefixes = aggregates.map((aggregate) => `${prefixOf(aggregate)}${tenant}-`);
    for await (const event of this.follow(prefixes, upTo, signal)) {
      const told = toCloudEvent(this.runtime.definition, event);
      if (told) yield told;
    }
  }

  private async *follow(
    prefixes: readonly string[],
    upTo: Position,
    signal: AbortSignal,
  ): AsyncGenerator<RecordedEvent> {
    const enough = new AbortController();
    const either = AbortSignal.any([enough.signal, signal]);
    for await (const page of this.runtime.events.follow({ prefixes, after: START, signal: either })) {
      for (const event of page.events) if (event.position <= upTo) yield event;
      if (page.caughtUp || page.position >= upTo) enough.abort();
      else await pause(0, either);
    }
  }
}

interface Info {
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archived: boolean;
}

const callOf = ({ id, metadata: { tenant, actor, correlationId } }: RecordedEvent): CallContext => ({
  principal: {
    tenant,
    actor: { kind: 'system', id: 'workspace', onBehalfOf: actor.onBehalfOf ?? actor.id },
    roles: [],
  },
  correlationId,
  causationId: id,
  answer: {},
});
