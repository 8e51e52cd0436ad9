import { type EventStore, streamName, WrongExpectedRevision } from '@rapport/event-store';
import { fold, idFrom, isRejection, type NewEvent, type RecordedEvent } from '@rapport/kernel';
import type { RunTimer } from '../firing.js';

/** The write path at its shortest: load, fold, decide, append. */
export const runOn =
  (events: EventStore): RunTimer =>
  async ({ decider, id, commandId, call, steps: [step] }) => {
    const { tenant, actor } = call.principal;
    const stream = streamName(decider.aggregate, tenant, id);
    for (;;) {
      const history: RecordedEvent[] = [];
      for await (const event of events.read(stream)) history.push(event);
      if (history.some(({ metadata }) => metadata.commandId === commandId)) return { outcome: 'updated' };
      const last = history.at(-1)?.metadata.occurredAt ?? '';
      const at = step.occurredAt < last ? last : step.occurredAt;
      const decision = step.decide(fold(decider, history), { at, id }, history);
      if (isRejection(decision)) throw new Error(decision.code);
      if (decision.length === 0) return { outcome: 'unchanged' };
      const metadata = { tenant, actor, correlationId: commandId, commandId, occurredAt: at, schemaVersion: 1 };
      const decided = decision.map((event, n): NewEvent => ({ ...event, id: idFrom(commandId, n), metadata }));
      try {
        await events.append(stream, decided, history.length - 1);
        return { outcome: 'updated' };
      } catch (failure) {
        if (!(failure instanceof WrongExpectedRevision)) throw failure;
      }
    }
  };
