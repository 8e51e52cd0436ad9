import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Inject } from '@nestjs/common';
import { streamName, WrongExpectedRevision, type EventStore } from '@rapport/event-store';
import { DomainError, fold, type DomainEvent, type NewEvent, type RecordedEvent } from '@rapport/kernel';
import type { Clock } from '@rapport/kernel';
import { ATTRIBUTES, METRICS, meter, SPANS, tracer, withRemoteParent } from '@rapport/observability';
import type { PersonalFields } from '@rapport/privacy';
import { consistencyToken } from '../consistency.js';
import { CLOCK, CONTEXT_NAME, EVENTS, PERSONAL } from '../service/tokens.js';
import { appendExactly } from './append-exactly.js';
import { areDifferent, identify, type CommandIdentity } from './command-identity.js';
import { newEvents } from './new-events.js';
import { People } from './people.js';
import { RunCommand, type CommandOrder, type CommandOutcome } from './run-command.js';

const commands = meter.counter(METRICS.commands);
const TRIES = 5;

type AnyOrder = CommandOrder<unknown, DomainEvent>;

/** The write path of every aggregate. */
@CommandHandler(RunCommand)
export class RunCommandHandler implements ICommandHandler<RunCommand<unknown, DomainEvent>> {
  private readonly people = new Map<string, People>();

  constructor(
    @Inject(EVENTS) private readonly events: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONTEXT_NAME) private readonly context: string,
    @Inject(PERSONAL) private readonly personal: PersonalFields = {},
  ) {}

  execute({ order }: RunCommand<unknown, DomainEvent>): Promise<CommandOutcome<unknown>> {
    if (!tracer.enabled) return this.run(order);
    const name = order.steps.at(-1)?.name ?? order.decider.aggregate;
    const attributes = { [ATTRIBUTES.command]: name, [ATTRIBUTES.tenant]: order.call.principal.tenant };
    const observe = async (): Promise<CommandOutcome<unknown>> => {
      const outcome = await this.run(order).catch((failure: unknown) => {
        commands.add(1, { [ATTRIBUTES.command]: name, [ATTRIBUTES.outcome]: failureKind(failure) });
        throw failure;
      });
      commands.add(1, { [ATTRIBUTES.command]: name, [ATTRIBUTES.outcome]: 'done' });
      return outcome;
    };
    return withRemoteParent(order.call.traceparent, () => tracer.span(SPANS.command, attributes, observe));
  }

  /** A lost race is decided again on the new state, unless the caller named the revision that it has seen. */
  private async run(order: AnyOrder): Promise<CommandOutcome<unknown>> {
    const stream = streamName(order.decider.aggregate, order.call.principal.tenant, order.id);
    const identity = identify(order);
    for (let attempt = 1; ; attempt += 1) {
      const history = order.fresh && attempt === 1 ? [] : seen(order, await this.load(stream));
      const before = replayed(identity, history);
      if (before) {
        order.call.answer.consistency = consistencyToken(this.context, before.at(-1)!.position);
        return this.answer(order, before, firstOutcome(identity, history), history);
      }
      checkRevision(order, history);
      const decided = newEvents(order, identity, history, this.clock.now(), this.peopleOf(order));
      if (decided.length === 0) return this.answer(order, history, 'unchanged', history);
      try {
        const appended = await appendExactly(
          this.events,
          stream,
          decided,
          history.length === 0 ? 'no-stream' : history.length - 1,
        );
        const all = [...history, ...(appended.kept ?? decided)];
        order.call.answer.consistency = consistencyToken(this.context, appended.position);
        return this.answer(order, all, history.length === 0 ? 'created' : 'updated', all);
      } catch (failure) {
        if (!(failure instanceof WrongExpectedRevision) || attempt >= TRIES) throw failure;
      }
    }
  }

  private async load(stream: string): Promise<RecordedEvent[]> {
    const history: RecordedEvent[] = [];
    for await (const event of this.events.read(stream)) history.push(event);
    return history;
  }

  private peopleOf({ decider: { aggregate } }: AnyOrder): People {
    const known = this.people.get(aggregate) ?? People.of(aggregate, this.personal);
    this.people.set(aggregate, known);
    return known;
  }

  private answer(
    order: AnyOrder,
    upTo: readonly NewEvent[],
    outcome: CommandOutcome<unknown>['outcome'],
    history: readonly NewEvent[],
  ): CommandOutcome<unknown> {
    const revision = upTo.length - 1;
    order.call.answer.revision = revision;
    return {
      id: order.id,
      state: fold(order.decider, upTo),
      revision,
      createdAt: history[0]?.metadata.occurredAt ?? '',
      updatedAt: upTo.at(-1)?.metadata.occurredAt ?? '',
      outcome,
      ...(upTo.some(({ metadata }) => metadata.erased) ? { erased: true } : {}),
    };
  }
}

/** A record out of the caller's sight is answered for exactly as a missing one, repeated commands included. */
const seen = ({ isSeen }: AnyOrder, history: RecordedEvent[]): RecordedEvent[] =>
  isSeen === undefined || history.length === 0 || isSeen(history) ? history : [];

/** The history up to the events that this very command made before, if it did. */
const replayed = (
  identity: CommandIdentity,
  history: readonly RecordedEvent[],
): readonly RecordedEvent[] | undefined => {
  if (!identity.repeatable) return undefined;
  const last = history.findLastIndex((event) => event.metadata.commandId === identity.commandId);
  if (last < 0) return undefined;
  if (areDifferent(history[last]!.metadata.commandHash, identity.hash)) {
    throw new DomainError(
      'conflict',
      'idempotency-key-reused',
      'This Idempotency-Key was used before with another content. Use a new key for a new request.',
    );
  }
  return history.slice(0, last + 1);
};

/** A repeated command tells what it came to the first time. */
const firstOutcome = ({ commandId }: CommandIdentity, history: readonly RecordedEvent[]): 'created' | 'updated' =>
  history[0]?.metadata.commandId === commandId ? 'created' : 'updated';

const checkRevision = ({ call, decider, id }: AnyOrder, history: readonly RecordedEvent[]): void => {
  const current = history.length - 1;
  if (call.expectedRevision === undefined || call.expectedRevision === current) return;
  throw new DomainError(
    'stale',
    'stale-revision',
    `The ${decider.aggregate} ${id} ${current < 0 ? 'does not exist' : `is at revision ${current}`}, not ${call.expectedRevision}. Read it again and repeat the change.`,
    { currentRevision: current },
  );
};

const failureKind = (failure: unknown): string => (failure instanceof DomainError ? failure.kind : 'internal');
