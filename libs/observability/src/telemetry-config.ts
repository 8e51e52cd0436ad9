import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';

export type SpanProcessor = NonNullable<NodeSDKConfiguration['spanProcessors']>[number];

export interface TelemetryConfig {
  /** `service.name` of all that is sent. */
  readonly service: string;
  readonly version?: string;
  /** Default: on when there is an `otlpEndpoint`. On without one: metrics at /metrics, trace ids in logs and events. */
  readonly enabled?: boolean;
  /** Base address of a collector that takes OTLP over HTTP: `http://localhost:4318`. */
  readonly otlpEndpoint?: string;
  /** Serves /metrics on a port of its own as well, for processes without an HTTP door. */
  readonly metricsPort?: number;
  /** Where a process has several threads with telemetry of their own: a label of all its metrics. */
  readonly thread?: string;
  /** Instead of sending spans to `otlpEndpoint`. */
  readonly spanProcessors?: readonly SpanProcessor[];
}

export interface Telemetry {
  readonly enabled: boolean;
  /** Answers GET /metrics with Prometheus text; 404 and how to switch it on while telemetry is off. */
  readonly metrics: (request: IncomingMessage, response: ServerResponse) => void;
  /** The same text; nothing while telemetry is off. */
  readonly metricsText: () => Promise<string>;
  /** Sends what is waiting. */
  shutdown(): Promise<void>;
}
