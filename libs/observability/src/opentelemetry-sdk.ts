import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK, type NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import { activate } from './backend.js';
import { openTelemetryBackend } from './opentelemetry-backend.js';
import type { SpanProcessor, Telemetry, TelemetryConfig } from './telemetry-config.js';

/** Spans that go nowhere still give trace ids to logs, events and messages. */
const KEEP_NOTHING: SpanProcessor = {
  onStart: () => undefined,
  onEnd: () => undefined,
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};

/** What of the resource is said with each metric. */
const LABELS = /^thread$/;

/** Reached only by a dynamic import: this module pulls in all of OpenTelemetry. */
export const startSdk = async (config: TelemetryConfig): Promise<Telemetry> => {
  const { service, version = '0', otlpEndpoint, metricsPort, thread } = config;
  const prometheus = new PrometheusExporter({
    preventServerStart: true,
    port: metricsPort ?? 0,
    withoutScopeInfo: true,
    withResourceConstantLabels: LABELS,
  });
  const serializer = new PrometheusSerializer(undefined, false, LABELS, false, true);
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: service,
      [ATTR_SERVICE_VERSION]: version,
      ...(thread && { thread }),
    }),
    autoDetectResources: false,
    instrumentations: [],
    logRecordProcessors: [],
    metricReaders: [prometheus, ...(otlpEndpoint === undefined ? [] : [pushMetrics(otlpEndpoint)])],
    ...tracing(config),
  });
  sdk.start();
  if (metricsPort !== undefined) await prometheus.startServer();
  activate(openTelemetryBackend());
  return {
    enabled: true,
    metrics: (request, response) => prometheus.getMetricsRequestHandler(request, response),
    metricsText: async () => serializer.serialize((await prometheus.collect()).resourceMetrics),
    shutdown: async () => {
      activate(undefined);
      await sdk.shutdown();
    },
  };
};

const tracing = ({ otlpEndpoint, spanProcessors }: TelemetryConfig): Partial<NodeSDKConfiguration> =>
  otlpEndpoint === undefined || spanProcessors !== undefined
    ? { spanProcessors: [...(spanProcessors ?? [KEEP_NOTHING])] }
    : { traceExporter: new OTLPTraceExporter({ url: `${trimmed(otlpEndpoint)}/v1/traces` }) };

const pushMetrics = (otlpEndpoint: string): PeriodicExportingMetricReader =>
  new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url: `${trimmed(otlpEndpoint)}/v1/metrics` }),
  });

const trimmed = (address: string): string => address.replace(/\/+$/, '');
