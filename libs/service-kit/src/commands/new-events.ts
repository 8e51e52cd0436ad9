import {
  DomainError,
  fold,
  instantOf,
  isRejection,
  newId,
  versionOf,
  type DomainEvent,
  type NewEvent,
  type RecordedEvent,
  type TimeZone,
} from '@rapport/kernel';
import { currentTraceparent } from '@rapport/observability';
import type { CommandIdentity } from './command-identity.js';
import type { People } from './people.js';
import type { CommandOrder, Step } from './run-command.js';

/** A client's clock may be this much ahead of ours. */
const TOLERATED_SKEW_MILLISECONDS = 5 * 60_000;

/** When a command is decided on, and by whose days. */
export interface Moment {
  readonly now: Date;
  readonly zone: TimeZone;
}

/**
 * Takes the steps' decisions one after the other and dresses the events for the store, which is told whom they are about.
 * @throws DomainError on a rejection
 */
export const newEvents = (
  order: CommandOrder<unknown, DomainEvent>,
  identity: CommandIdentity,
  history: readonly RecordedEvent[],
  { now, zone }: Moment,
  people: People,
): readonly NewEvent[] => {
  const { decider, call, id } = order;
  const inClear = order.inClear?.length ? order.inClear : undefined;
  const { tenant, actor } = call.principal;
  const traceparent = currentTraceparent() ?? call.traceparent;
  const events: NewEvent[] = [];
  let state = fold(decider, history);
  let lastAt = history.at(-1)?.metadata.occurredAt;
  for (const step of order.steps) {
    const at = occurredAt(step, lastAt, now, decider.aggregate);
    const decision = step.decide(state, { at, id, zone }, history);
    if (isRejection(decision)) throw DomainError.of(decision);
    for (const event of decision) {
      const metadata = {
        tenant,
        actor,
        correlationId: call.correlationId,
        ...(call.causationId === undefined ? {} : { causationId: call.causationId }),
        commandId: identity.commandId,
        ...(identity.hash === undefined ? {} : { commandHash: identity.hash }),
        occurredAt: at,
        ...(traceparent === undefined ? {} : { traceparent }),
        schemaVersion: versionOf(decider.events, event.type),
      };
      const next = decider.evolve(state, event);
      const { type, data } = people.sealedAnew(event, state, next);
      const about = people.namedBy(next);
      events.push({ id: newId(), type, data, metadata, ...(about && { about }), ...(inClear && { inClear }) });
      state = next;
      lastAt = at;
    }
  }
  return events;
};

/** Within a stream time does not run backwards, so that "as of" means the same in every read model. */
const occurredAt = (
  step: Step<unknown, DomainEvent>,
  lastAt: string | undefined,
  now: Date,
  aggregate: string,
): string => {
  const present = now.toISOString();
  if (step.occurredAt === undefined) return lastAt !== undefined && lastAt > present ? lastAt : present;
  const at = instantOf(step.occurredAt).toISOString();
  if (Date.parse(at) > now.getTime() + TOLERATED_SKEW_MILLISECONDS) {
    throw new DomainError(
      'invalid',
      'occurs-in-the-future',
      `${step.occurredAt} is in the future. Give the time when it happened.`,
    );
  }
  if (lastAt !== undefined && at < lastAt) {
    if (step.whenTooEarly === 'clamp') return lastAt;
    throw new DomainError(
      'conflict',
      'occurred-before-last-change',
      `${step.name} is said to have happened at ${step.occurredAt}, before this ${aggregate}'s last change at ${lastAt}. Give a later time, or leave it out.`,
    );
  }
  return at;
};
