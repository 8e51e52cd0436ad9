import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SpanProcessor } from './opentelemetry-sdk.js';

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
  /** Instead of sending spans to `otlpEndpoint`. */
  readonly spanProcessors?: readonly SpanProcessor[];
}

export interface Telemetry {
  readonly enabled: boolean;
  /** Answers GET /metrics with Prometheus text; 404 and how to switch it on while telemetry is off. */
  readonly metrics: (request: IncomingMessage, response: ServerResponse) => void;
  /** Sends what is waiting. */
  shutdown(): Promise<void>;
}

/** Loads OpenTelemetry only when it is wanted: off, it costs neither start-up time nor memory. */
export const startTelemetry = async (config: TelemetryConfig): Promise<Telemetry> => {
  if (!(config.enabled ?? config.otlpEndpoint !== undefined)) return OFF;
  const { startSdk } = await import('./opentelemetry-sdk.js');
  return startSdk(config);
};

const HOW_TO_SWITCH_ON =
  'Telemetry is off, so there are no metrics. Set RAPPORT_TELEMETRY=on, or OTEL_EXPORTER_OTLP_ENDPOINT to a collector, and restart.\n';

const OFF: Telemetry = {
  enabled: false,
  metrics: (_request, response) => {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(HOW_TO_SWITCH_ON);
  },
  shutdown: async () => undefined,
};
