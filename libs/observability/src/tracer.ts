import { activeBackend, type Attributes, type Span } from './backend.js';
import type { SpanDefinition } from './names.js';

const NO_SPAN: Span = { set: () => undefined };

/** Spans; while telemetry is off, `span` just does the work. */
export const tracer = {
  /** On hot paths ask first, so that not even the attributes are made. */
  get enabled(): boolean {
    return activeBackend() !== undefined;
  },

  /** Does the work within a span, which ends when the work returns or its promise settles. An error marks it as failed. */
  span<T>(definition: SpanDefinition, attributes: Attributes, work: (span: Span) => T): T {
    const backend = activeBackend();
    return backend === undefined ? work(NO_SPAN) : backend.span(definition, attributes, work);
  },
};

/** W3C `traceparent` of the span in progress, for events and messages; undefined while telemetry is off. */
export const currentTraceparent = (): string | undefined => activeBackend()?.traceparent();

/** Does the work as part of the trace that a request, an event or a message came with. */
export const withRemoteParent = <T>(traceparent: string | undefined, work: () => T): T => {
  const backend = activeBackend();
  return backend === undefined || traceparent === undefined ? work() : backend.withRemoteParent(traceparent, work);
};
