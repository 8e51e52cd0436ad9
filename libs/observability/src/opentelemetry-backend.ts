import {
  context,
  metrics,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span as OpenTelemetrySpan,
} from '@opentelemetry/api';
import type { Attributes, Span, TelemetryBackend } from './backend.js';
import type { MetricDefinition, SpanDefinition } from './names.js';

const SCOPE = 'rapport';

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Seconds; from a cached read to a slow report. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Maps our few words to OpenTelemetry's API. Loaded only when telemetry is on. */
export const openTelemetryBackend = (): TelemetryBackend => {
  const tracer = trace.getTracer(SCOPE);
  const meter = metrics.getMeter(SCOPE);
  return {
    span: (definition, attributes, work) =>
      tracer.startActiveSpan(
        titleOf(definition, attributes),
        { kind: KINDS[definition.kind], attributes: { ...attributes } },
        (span) => doWithin(span, work),
      ),
    traceparent: () => {
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      return carrier['traceparent'];
    },
    withRemoteParent: (traceparent, work) => context.with(propagation.extract(ROOT_CONTEXT, { traceparent }), work),
    counter: (definition) => {
      const counter = meter.createCounter(definition.name, described(definition));
      return (value, attributes) => counter.add(value, attributes && { ...attributes });
    },
    histogram: (definition) => {
      const options = { ...described(definition), advice: { explicitBucketBoundaries: DURATION_BUCKETS } };
      const histogram = meter.createHistogram(definition.name, options);
      return (value, attributes) => histogram.record(value, attributes && { ...attributes });
    },
    gauge: (definition) => {
      const gauge = meter.createGauge(definition.name, described(definition));
      return (value, attributes) => gauge.record(value, attributes && { ...attributes });
    },
  };
};

const described = ({ unit, description }: MetricDefinition) => ({ unit, description });

const titleOf = ({ name, titledBy }: SpanDefinition, attributes: Attributes): string => {
  const title = titledBy === undefined ? undefined : attributes[titledBy];
  return title === undefined ? name : `${name} ${title}`;
};

const doWithin = <T>(active: OpenTelemetrySpan, work: (span: Span) => T): T => {
  const fail = (error: unknown): never => {
    active.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
    active.end();
    throw error;
  };
  let result: T;
  try {
    result = work({ set: (name, value) => void active.setAttribute(name, value) });
  } catch (error) {
    return fail(error);
  }
  if (!(result instanceof Promise)) {
    active.end();
    return result;
  }
  return result.then((value: unknown) => {
    active.end();
    return value;
  }, fail) as T;
};
