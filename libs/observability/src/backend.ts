import type { MetricDefinition, SpanDefinition } from './names.js';

export type AttributeValue = string | number | boolean;
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/** The span in progress, for what is known only later. */
export interface Span {
  set(name: string, value: AttributeValue): void;
}

/** Adds to a counter, records in a histogram, sets a gauge. */
export type Recorder = (value: number, attributes?: Attributes) => void;

/** What telemetry does when it is on; there is none while it is off. */
export interface TelemetryBackend {
  span<T>(definition: SpanDefinition, attributes: Attributes, work: (span: Span) => T): T;
  traceparent(): string | undefined;
  withRemoteParent<T>(traceparent: string, work: () => T): T;
  counter(definition: MetricDefinition): Recorder;
  histogram(definition: MetricDefinition): Recorder;
  gauge(definition: MetricDefinition): Recorder;
}

type Listener = (backend: TelemetryBackend | undefined) => void;

const listeners: Listener[] = [];
let current: TelemetryBackend | undefined;

export const activeBackend = (): TelemetryBackend | undefined => current;

export const activate = (backend: TelemetryBackend | undefined): void => {
  current = backend;
  for (const listener of listeners) listener(backend);
};

/** Instruments are made when modules load, before telemetry is switched on: they learn of it here. */
export const onActivation = (listener: Listener): void => {
  listeners.push(listener);
  listener(current);
};
