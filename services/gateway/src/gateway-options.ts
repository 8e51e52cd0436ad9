import type { Clock } from '@rapport/kernel';
import type { Logger, Telemetry } from '@rapport/observability';
import type { Backend, ReadinessReport } from '@rapport/service-kit';
import type { GatewayConfig } from './gateway-config.js';

/** One bounded context, and how it is reached. */
export interface Context {
  readonly name: string;
  /** What can be brought into it from a file, as in `/v1/imports/{kind}`. */
  readonly importKinds: readonly string[];
  readonly backend: Backend;
}

export interface GatewayOptions {
  /** Identity has to be among them for anybody to come in. */
  readonly contexts: readonly Context[];
  /** What differs from {@link defaultGatewayConfig}. */
  readonly config?: Partial<GatewayConfig>;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Milliseconds from any beginning, never set back; for limits per time. */
  readonly ticks?: () => number;
  readonly readiness?: () => ReadinessReport | Promise<ReadinessReport>;
  /** How long requests under way may take when the gateway stops. Default 10 s. */
  readonly drainMilliseconds?: number;
  /** Answers GET /metrics. */
  readonly metrics?: Telemetry['metrics'];
}
