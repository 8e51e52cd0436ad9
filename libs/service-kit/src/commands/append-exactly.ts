import { OutcomeUnknown, type Appended, type EventStore, type ExpectedRevision } from '@rapport/event-store';
import type { NewEvent } from '@rapport/kernel';
import { ATTRIBUTES, METRICS, meter, SPANS, tracer } from '@rapport/observability';

const TRIES = 5;
const appendedEvents = meter.counter(METRICS.eventsAppended);
const duration = meter.histogram(METRICS.appendDuration);

/** Where the store does not say whether it wrote, only the very same append may be repeated. */
export const appendExactly = async (
  store: EventStore,
  stream: string,
  events: readonly NewEvent[],
  expected: ExpectedRevision,
): Promise<Appended> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await (tracer.enabled
        ? observed(store, stream, events, expected)
        : store.append(stream, events, expected));
    } catch (failure) {
      if (!(failure instanceof OutcomeUnknown) || attempt >= TRIES) throw failure;
    }
  }
};

const observed = (
  store: EventStore,
  stream: string,
  events: readonly NewEvent[],
  expected: ExpectedRevision,
): Promise<Appended> =>
  tracer.span(SPANS.append, { [ATTRIBUTES.stream]: stream, [ATTRIBUTES.batchSize]: events.length }, async () => {
    const started = performance.now();
    const appended = await store.append(stream, events, expected);
    duration.record((performance.now() - started) / 1000);
    for (const { type } of events) appendedEvents.add(1, { [ATTRIBUTES.eventType]: type });
    return appended;
  });
