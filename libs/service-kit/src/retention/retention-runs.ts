import { CommandBus } from '@nestjs/cqrs';
import { everythingOf } from '@rapport/access';
import { partsOf, prefixOf, streamName } from '@rapport/event-store';
import {
  type Action,
  type CallContext,
  type Circumstances,
  type Decision,
  DomainError,
  type DomainEvent,
  fold,
  idFrom,
  type RecordedEvent,
  reject,
} from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { RunCommand, type Step } from '../commands/run-command.js';
import { PERSON_ERASURE, type PersonErasure } from '../erasure/person-erasure.js';
import type { Provided } from '../service/service-definition.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { RUNTIME } from '../service/tokens.js';
import { Retained } from './retained.js';
import {
  nextRunAfter,
  NO_COUNTS,
  retention,
  type RetentionCommands,
  type RetentionCounts,
  type RetentionEvent,
  type RetentionOrder,
  type RetentionState,
} from './retention.js';

/** Records between which is written down how far a run is. */
const BATCH = 200;

/** What stands above a decision: a refusal, or that nothing is to be done; undefined where nothing does. */
export type Guard = (state: object | null, history: readonly RecordedEvent[]) => Decision<DomainEvent> | undefined;

interface Writing {
  run(id: string, steps: readonly object[], call: CallContext, extra: { readonly action: Action }): Promise<unknown>;
}
interface Archiving {
  readonly decide: { archive(state: object | null, command: object, at: Circumstances): Decision<DomainEvent> };
}

export const retentionId = (tenant: string): string => idFrom('retention', tenant);

/** Policies are carried out batch by batch, by ordinary changes of each record, whose cause is that the run has begun. */
export const carryOutRetention = (provided: Provided): Reaction => ({
  name: 'carry-out-retention',
  prefixes: [prefixOf(retention.aggregate)],
  types: ['RetentionRunBegun'],
  react: async (event, signal) => ((await new RetentionRuns(provided).carryOut(event, signal)) ? 'done' : 'retry'),
  attempts: Infinity,
});

export class RetentionRuns {
  private readonly runtime: ServiceRuntime;
  private readonly retained: Retained;

  constructor(private readonly provided: Provided) {
    this.runtime = provided(RUNTIME);
    this.retained = new Retained(this.runtime);
  }

  async state(tenant: string): Promise<RetentionState> {
    const history: RecordedEvent[] = [];
    const stream = streamName(retention.aggregate, tenant, retentionId(tenant));
    for await (const event of this.runtime.events.read(stream)) history.push(event);
    return fold(retention, history as unknown as readonly RetentionEvent[]);
  }

  async step<C extends keyof RetentionCommands>(
    command: C,
    input: RetentionCommands[C],
    call: CallContext,
    commandId?: string,
  ): Promise<RetentionState> {
    const { tenant } = call.principal;
    const decide = (state: RetentionState, at: Circumstances): Decision<RetentionEvent> =>
      retention.decide[command](state, input, at);
    const steps = [{ name: `${command}Retention`, input, decide }];
    const order = { decider: retention, id: retentionId(tenant), steps, call, ...(commandId && { commandId }) };
    return (await this.provided(CommandBus).execute(new RunCommand<RetentionState, RetentionEvent>(order))).state;
  }

  /** False when it was broken off. What was done is not done again. */
  async carryOut(begun: RecordedEvent, signal: AbortSignal): Promise<boolean> {
    const { tenant } = partsOf(begun.stream);
    const run = (await this.state(tenant))?.run;
    for (const order of run?.policies ?? []) {
      let { counts, cursor } = { cursor: '' as string | undefined, counts: NO_COUNTS, ...run!.progress[order.object] };
      const isDone = run!.progress[order.object] !== undefined && run!.progress[order.object]!.cursor === undefined;
      while (!isDone && cursor !== undefined) {
        if (signal.aborted) return false;
        const from: string = cursor;
        ({ counts, cursor } = await this.batch(begun, order, counts, from));
        const progress = { object: order.object, counts, ...(cursor !== undefined && { cursor }) };
        await this.step('progress', progress, callOf(begun), idFrom(begun.id, order.object, from));
      }
    }
    const nextRunAt = nextRunAfter(this.runtime.engines.clock.now());
    await this.step('finish', { nextRunAt }, callOf(begun), idFrom(begun.id, 'finish'));
    return true;
  }

  private async batch(
    begun: RecordedEvent,
    order: RetentionOrder,
    before: RetentionCounts,
    from: string,
  ): Promise<{ counts: RetentionCounts; cursor: string | undefined }> {
    const list = await this.retained.list(order.object);
    const query = {
      filter: this.retained.filterOf(order, list),
      sort: [{ field: 'id', descending: false }],
      limit: BATCH,
      ...(from !== '' && { cursor: from }),
    };
    const page = await list.documents.query(everythingOf(partsOf(begun.stream).tenant), query);
    const counts = { ...before };
    for (const { id } of page.documents) counts[await this.one(id, order, begun)] += 1;
    return { counts, cursor: page.next };
  }

  private async one(id: string, order: RetentionOrder, begun: RecordedEvent): Promise<keyof RetentionCounts> {
    let isKept = false;
    const guard: Guard = (state, history) => {
      const isHeld = (state as { readonly hold?: string } | null)?.hold !== undefined;
      if (isHeld) return reject('conflict', 'on-hold', 'This record is on legal hold.');
      // It may have been changed since the list said so.
      isKept = (history.at(-1)?.metadata.occurredAt ?? '') >= order.before;
      return isKept ? [] : undefined;
    };
    const call = { ...callOf(begun), requestId: idFrom(begun.id, id) };
    try {
      await (order.action === 'erase' ? this.erase(id, order, call, guard) : this.archive(id, order, call, guard));
      return isKept ? 'kept' : 'done';
    } catch (failure) {
      if (!(failure instanceof DomainError) || !REFUSALS.has(failure.kind)) throw failure;
      return failure.code === 'on-hold' ? 'held' : 'kept';
    }
  }

  private async archive(id: string, { object }: RetentionOrder, call: CallContext, guard: Guard): Promise<void> {
    const { decider, token } = this.retained.recordOf(object);
    const { decide: deciding } = decider as unknown as Archiving;
    const decide: Step<object | null, DomainEvent>['decide'] = (state, at, history) =>
      guard(state, history) ?? deciding.archive(state, {}, at);
    const steps = [{ name: 'CarryOutRetention', input: id, decide }];
    await this.provided<Writing>(token).run(id, steps, call, { action: 'delete' });
  }

  private async erase(id: string, { object }: RetentionOrder, call: CallContext, guard: Guard): Promise<void> {
    await this.provided<PersonErasure>(PERSON_ERASURE).begin(id, call, { aggregate: object, guard });
  }
}

/** A record's own "no". */
const REFUSALS: ReadonlySet<string> = new Set(['invalid', 'not-found', 'conflict', 'gone', 'forbidden']);

const callOf = ({ id, metadata: { tenant, actor, correlationId } }: RecordedEvent): CallContext => ({
  principal: {
    tenant,
    actor: { kind: 'system', id: 'retention', onBehalfOf: actor.onBehalfOf ?? actor.id },
    roles: [],
  },
  correlationId,
  causationId: id,
  answer: {},
});
