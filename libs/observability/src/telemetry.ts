import type { Telemetry, TelemetryConfig } from './telemetry-config.js';

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
  metricsText: async () => '',
  shutdown: async () => undefined,
};
