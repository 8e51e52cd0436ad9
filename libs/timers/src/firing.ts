import { partsOf, WrongExpectedRevision, type EventStore } from '@rapport/event-store';
import {
  type AnyTimer,
  type CallContext,
  type Clock,
  type Circumstances,
  type Decision,
  DomainError,
  type DomainEvent,
  fold,
  idFrom,
  isRejection,
  type NewEvent,
  type Position,
  type RecordedEvent,
  UTC,
} from '@rapport/kernel';
import { firingId, isSame, timerStream, type DueTimer, type TimerEvent } from './timer-events.js';

/** One decision on one record. */
export interface TimerOrder {
  readonly decider: AnyTimer['decider'];
  readonly id: string;
  readonly commandId: string;
  readonly call: CallContext;
  readonly steps: readonly [TimerStep];
}

export interface TimerStep {
  readonly name: string;
  readonly input: unknown;
  readonly occurredAt: string;
  readonly whenTooEarly: 'clamp';
  readonly decide: (
    state: object | null,
    circumstances: Circumstances,
    history: readonly RecordedEvent[],
  ) => Decision<DomainEvent>;
}

/** The service's write path: load, decide, append. The same command id never does its work twice. */
export type RunTimer = (order: TimerOrder) => Promise<{ readonly outcome: 'created' | 'updated' | 'unchanged' }>;

export interface Fired {
  readonly outcome: 'fired' | 'lapsed';
  /** Where it is written. */
  readonly position: Position;
}

/** Fires timers, whoever asks and however often: what becomes of one is decided on the record and then written down. */
export class Firing {
  readonly #timers: ReadonlyMap<string, AnyTimer>;

  constructor(
    timers: readonly AnyTimer[],
    private readonly events: EventStore,
    private readonly run: RunTimer,
    private readonly clock: Clock,
  ) {
    this.#timers = new Map(timers.map((timer) => [`${timer.decider.aggregate}/${timer.name}`, timer]));
  }

  /** @throws whatever kept it from being decided or written down; it may be fired again */
  async fire(due: DueTimer): Promise<Fired> {
    const ends = await this.#history(due);
    const known = endOf(due, ends);
    if (known) return { outcome: outcomeOf(known), position: known.position };
    const end = await this.#decide(due, ends);
    return { outcome: outcomeOf(end), position: await this.#write(due, end) };
  }

  /** It could not be fired, and is not to be tried any more until somebody has looked. Answers where that is written. */
  park(due: DueTimer, reason: string): Promise<Position> {
    return this.#write(due, { type: 'TimerParked', data: { ...due, reason } });
  }

  async #decide(due: DueTimer, ends: readonly RecordedEvent<TimerEvent>[]): Promise<TimerEvent> {
    const { aggregate, id, tenant } = partsOf(due.record);
    const timer = this.#timers.get(`${aggregate}/${due.timer}`);
    if (!timer) return lapsed(due, 'unknown-timer');
    let reason = NOTHING_TO_DO;
    const decide: TimerStep['decide'] = (state, circumstances, history) => {
      if (hasFiredSince(lastSaid(timer, history), ends, history)) {
        reason = FIRED_BEFORE;
        return [];
      }
      const then = fold(timer.decider, before(due.dueAt, history));
      const decision = timer.decide(state, { dueAt: due.dueAt, then }, circumstances);
      reason = isRejection(decision) ? decision.code : NOTHING_TO_DO;
      return isRejection(decision) ? [] : decision;
    };
    const commandId = firingId(due);
    const step = { name: 'FireTimer', input: due, occurredAt: due.dueAt, whenTooEarly: 'clamp' as const, decide };
    const call = { principal: { tenant, actor: ACTOR, roles: [] }, correlationId: commandId, answer: {} };
    const { outcome } = await this.run({ decider: timer.decider, id, commandId, call, steps: [step] });
    return outcome === 'unchanged' ? lapsed(due, reason) : { type: 'TimerFired', data: due };
  }

  /** Another owner, late, may be writing too: only one of them writes, and that the record has heard of it counts most. */
  async #write(due: DueTimer, said: TimerEvent): Promise<Position> {
    for (;;) {
      const history = await this.#history(due);
      const known = endOf(due, history) ?? history.find(({ type, data }) => type === said.type && isSame(data, due));
      if (known && (said.type !== 'TimerFired' || known.type === 'TimerFired')) return known.position;
      try {
        const expected = history.length === 0 ? 'no-stream' : history.length - 1;
        const { position } = await this.events.append(timerStream(due), [this.#dressed(due, said)], expected);
        return position;
      } catch (failure) {
        if (!(failure instanceof WrongExpectedRevision)) throw failure;
      }
    }
  }

  #dressed(due: DueTimer, { type, data }: TimerEvent): NewEvent {
    const { tenant } = partsOf(due.record);
    const commandId = firingId(due);
    const occurredAt = this.clock.now().toISOString();
    const metadata = { tenant, actor: ACTOR, correlationId: commandId, commandId, occurredAt, schemaVersion: 1 };
    return { id: idFrom(commandId, type), type, data, metadata };
  }

  async #history(due: DueTimer): Promise<RecordedEvent<TimerEvent>[]> {
    const history: RecordedEvent<TimerEvent>[] = [];
    for await (const event of this.events.read(timerStream(due))) history.push(event as RecordedEvent<TimerEvent>);
    return history;
  }
}

const ACTOR = { kind: 'system', id: 'timers' } as const;
const NOTHING_TO_DO = 'nothing-to-do';
const FIRED_BEFORE = 'fired-before';

/** Where in its history a record last said anything of a timer. */
const lastSaid = (timer: AnyTimer, history: readonly RecordedEvent[]): number =>
  history.findLastIndex((event) => timer.dueAt(event, UTC) !== undefined);

/** The same moment has come by the days of another zone, in which the installation was before. */
const hasFiredSince = (
  said: number,
  ends: readonly RecordedEvent<TimerEvent>[],
  history: readonly RecordedEvent[],
): boolean => {
  const firings = new Set(ends.filter(({ type }) => type === 'TimerFired').map(({ data }) => firingId(data)));
  return history.slice(said + 1).some(({ metadata }) => firings.has(metadata.commandId));
};

const lapsed = (due: DueTimer, reason: string): TimerEvent => ({ type: 'TimerLapsed', data: { ...due, reason } });

const before = (instant: string, history: readonly RecordedEvent[]): readonly RecordedEvent[] =>
  history.filter(({ metadata }) => metadata.occurredAt < instant);

/** What it came to, if it has come to an end. */
const endOf = (due: DueTimer, history: readonly RecordedEvent<TimerEvent>[]): RecordedEvent<TimerEvent> | undefined => {
  const ends = history.filter(({ type, data }) => type !== 'TimerParked' && isSame(data, due));
  return ends.find(({ type }) => type === 'TimerFired') ?? ends[0];
};

const outcomeOf = ({ type }: Pick<TimerEvent, 'type'>): Fired['outcome'] =>
  type === 'TimerFired' ? 'fired' : 'lapsed';

/** Why something failed, without what it says. */
export const codeOf = (failure: unknown): string =>
  failure instanceof DomainError ? failure.code : failure instanceof Error ? failure.name : 'failed';
