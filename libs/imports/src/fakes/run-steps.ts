import { type EventStore, streamName } from '@rapport/event-store';
import { DomainError, fold, idFrom, isRejection, newId, type NewEvent, type RecordedEvent } from '@rapport/kernel';
import type { RunSteps, StepsOrder } from '../engine/commands.js';

/** The write path at its shortest: load, fold, decide, append. */
export const runStepsOn =
  (events: EventStore): RunSteps =>
  async (order) => {
    const stream = streamName(order.decider.aggregate, order.call.principal.tenant, order.id);
    for (;;) {
      const history: RecordedEvent[] = [];
      for await (const event of events.read(stream)) history.push(event);
      const before = history.find(
        ({ metadata }) => order.commandId !== undefined && metadata.commandId === order.commandId,
      );
      if (before) return { outcome: before.revision === 0 ? 'created' : 'updated', revision: before.revision };
      const decided = decide(order, history);
      const revision = history.length - 1;
      if (decided.length === 0) return { outcome: 'unchanged', revision };
      try {
        await events.append(stream, decided, revision < 0 ? 'no-stream' : revision);
        return { outcome: revision < 0 ? 'created' : 'updated', revision: revision + decided.length };
      } catch (error) {
        if (!(error instanceof DomainError) || error.kind !== 'stale') throw error;
      }
    }
  };

const decide = (
  { decider, id, steps, call, commandId = newId() }: StepsOrder,
  history: readonly RecordedEvent[],
): NewEvent[] => {
  let state = fold(decider, history);
  const events: NewEvent[] = [];
  for (const step of steps) {
    const at = step.occurredAt ?? '2017-06-01T00:00:00.000Z';
    const decision = step.decide(state, { at, id }, history);
    if (isRejection(decision)) throw DomainError.of(decision);
    for (const event of decision) {
      const { tenant, actor } = call.principal;
      const metadata = {
        tenant,
        actor,
        correlationId: call.correlationId,
        commandId,
        occurredAt: at,
        schemaVersion: 1,
      };
      events.push({ id: idFrom(commandId, events.length), ...event, metadata });
      state = decider.evolve(state, event);
    }
  }
  return events;
};
