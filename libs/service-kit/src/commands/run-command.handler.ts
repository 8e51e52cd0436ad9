import { setTimeout as pause } from 'node:timers/promises';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Inject } from '@nestjs/common';
import { streamName, WrongExpectedRevision, type EventStore } from '@rapport/event-store';
import {
  DomainError,
  fold,
  type DomainEvent,
  type NewEvent,
  type RecordedEvent,
  type Calendar,
  UTC_CALENDAR,
} from '@rapport/kernel';
import type { Clock } from '@rapport/kernel';
import { ATTRIBUTES, METRICS, meter, SPANS, tracer, withRemoteParent } from '@rapport/observability';
import type { PersonalFields } from '@rapport/privacy';
import { consistencyToken } from '../consistency.js';
import { CLOCK, CONTEXT_NAME, EVENTS, PERSONAL, CALENDAR } from '../service/tokens.js';
import { appendExactly } from './append-exactly.js';
import { areDifferent, identify, type CommandIdentity } from './command-identity.js';
import { newEvents, type Moment } from './new-events.js';
import { People } from './people.js';
import { RunCommand, type CommandOrder, type CommandOutcome } from './run-command.js';
import { Turns } from './turns.js';
import { Unchanged } from './unchanged.js';

const commands = meter.counter(METRICS.commands);
/** Only other processes can be faster: within one, those who change one record take turns. */
const TRIES = 12;
const LONGEST_PAUSE_MILLISECONDS = 200;

type AnyOrder = CommandOrder<unknown, DomainEvent>;

interface Asked {
  readonly order: AnyOrder;
  /** The record's. */
  readonly stream: string;
  readonly identity: CommandIdentity;
}

/** The write path of every aggregate. */
@CommandHandler(RunCommand)
export class RunCommandHandler implements ICommandHandler<RunCommand<unknown, DomainEvent>> {
  private readonly people = new Map<string, People>();
  private readonly turns = new Turns();
  private readonly unchanged: Unchanged;

  constructor(
    @Inject(EVENTS) private readonly events: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONTEXT_NAME) private readonly context: string,
    @Inject(PERSONAL) private readonly personal: PersonalFields = {},
    @Inject(CALENDAR) private readonly calendar: Calendar = UTC_CALENDAR,
  ) {
    this.unchanged = new Unchanged(events);
  }

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

  private run(order: AnyOrder): Promise<CommandOutcome<unknown>> {
    const stream = streamName(order.decider.aggregate, order.call.principal.tenant, order.id);
    const work = (): Promise<CommandOutcome<unknown>> => this.decide({ order, stream, identity: identify(order) });
    return order.fresh ? work() : this.turns.take(stream, work);
  }

  /** A lost race is decided again on the new state, unless the caller named the revision that it has seen. */
  private async decide(asked: Asked): Promise<CommandOutcome<unknown>> {
    const { order, stream } = asked;
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const history = order.fresh && attempt === 1 ? [] : seen(order, await this.load(stream));
      const before = await this.before(asked, history);
      if (before) return before;
      checkRevision(order, history);
      const decided = newEvents(order, asked.identity, history, this.moment(order), this.peopleOf(order));
      const outcome = await (decided.length === 0 ? this.leave(asked, history) : this.append(asked, history, decided));
      if (outcome) return outcome;
      await pause(Math.random() * Math.min(2 ** attempt, LONGEST_PAUSE_MILLISECONDS));
    }
    throw busy(order);
  }

  private moment({ call }: AnyOrder): Moment {
    return { now: this.clock.now(), zone: this.calendar.zoneOf(call.principal.tenant) };
  }

  /** What this very command came to when it was done before. */
  private async before(asked: Asked, history: readonly RecordedEvent[]): Promise<CommandOutcome<unknown> | undefined> {
    const { order, identity } = asked;
    const before = replayed(identity, history);
    if (before) {
      order.call.answer.consistency = consistencyToken(this.context, before.at(-1)!.position);
      return this.answer(order, before, firstOutcome(identity, history), history);
    }
    if (identity.hash === undefined || history.length === 0) return undefined;
    const unchanged = await this.unchanged.find(asked);
    if (!unchanged) return undefined;
    refuseAnother(unchanged, identity);
    return this.answer(order, history.slice(0, unchanged.data.revision + 1), 'unchanged', history);
  }

  /** Where nothing is to be done; a client's key goes on to mean that. Undefined when another was faster with it. */
  private async leave(asked: Asked, history: readonly RecordedEvent[]): Promise<CommandOutcome<unknown> | undefined> {
    const isKept = asked.identity.hash !== undefined && history.length > 0;
    if (isKept && !(await this.unchanged.remember(asked, history.length - 1, this.clock.now()))) return undefined;
    return this.answer(asked.order, history, 'unchanged', history);
  }

  /** Undefined when another was faster. */
  private async append(
    { order, stream }: Asked,
    history: readonly RecordedEvent[],
    decided: readonly NewEvent[],
  ): Promise<CommandOutcome<unknown> | undefined> {
    const isNew = history.length === 0;
    try {
      const appended = await appendExactly(this.events, stream, decided, isNew ? 'no-stream' : history.length - 1);
      const all = [...history, ...(appended.kept ?? decided)];
      order.call.answer.consistency = consistencyToken(this.context, appended.position);
      return this.answer(order, all, isNew ? 'created' : 'updated', all);
    } catch (failure) {
      if (failure instanceof WrongExpectedRevision) return undefined;
      throw failure;
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
  refuseAnother(history[last]!, identity);
  return history.slice(0, last + 1);
};

const refuseAnother = ({ metadata }: RecordedEvent, { hash }: CommandIdentity): void => {
  if (!areDifferent(metadata.commandHash, hash)) return;
  const message = 'This Idempotency-Key was used before with another content. Use a new key for a new request.';
  throw new DomainError('conflict', 'idempotency-key-reused', message);
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

const busy = ({ decider, id }: AnyOrder): DomainError => {
  const message = `The ${decider.aggregate} ${id} is being changed by many at this moment. Nothing was done: repeat the request.`;
  return new DomainError('unavailable', 'record-busy', message, { retryAfterSeconds: 1 });
};

const failureKind = (failure: unknown): string => (failure instanceof DomainError ? failure.kind : 'internal');
