import { type EventStore, streamName, WrongExpectedRevision } from '@rapport/event-store';
import { DomainError, fold, isRejection, newId, type NewEvent, type RecordedEvent } from '@rapport/kernel';
import type { RunStep } from '../run-step.js';

/** The write path at its shortest: load, fold, decide, append. */
export const runStepOn =
  (events: EventStore): RunStep =>
  async ({ decider, id, commandId, call, steps: [step] }) => {
    const { tenant, actor } = call.principal;
    const stream = streamName(decider.aggregate, tenant, id);
    for (;;) {
      const history: RecordedEvent[] = [];
      for await (const event of events.read(stream)) history.push(event);
      if (history.some(({ metadata }) => metadata.commandId === commandId)) return;
      const at = new Date().toISOString();
      const decision = step.decide(fold(decider as never, history as never), { at, id });
      if (isRejection(decision)) throw DomainError.of(decision);
      if (decision.length === 0) return;
      const metadata = {
        tenant,
        actor,
        correlationId: call.correlationId,
        commandId,
        occurredAt: at,
        schemaVersion: 1,
      };
      const decided = decision.map((event): NewEvent => ({ ...event, id: newId(), metadata }));
      try {
        return await events.append(stream, decided, history.length === 0 ? 'no-stream' : history.length - 1);
      } catch (failure) {
        if (!(failure instanceof WrongExpectedRevision)) throw failure;
      }
    }
  };
