import type { EventStore } from '@rapport/event-store';
import type { Clock } from '@rapport/kernel';
import type { Logger, Telemetry } from '@rapport/observability';
import type { Backend } from '@rapport/service-kit';
import type { GatewayConfig } from './gateway-config.js';

/** One bounded context, and how it is reached. */
export interface Context {
  readonly name: string;
  readonly backend: Backend;
}

/** Whether Rapport can serve, part by part. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly parts: readonly ReadinessPart[];
}

export interface ReadinessPart {
  readonly name: string;
  readonly ready: boolean;
  /** What is missing, when something is. */
  readonly detail?: string;
}

export interface GatewayOptions {
  readonly contexts: readonly Context[];
  /** Where access tokens live. */
  readonly accessEvents: EventStore;
  /** What differs from {@link defaultGatewayConfig}. */
  readonly config?: Partial<GatewayConfig>;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly readiness?: () => ReadinessReport | Promise<ReadinessReport>;
  /** Answers GET /metrics. */
  readonly metrics?: Telemetry['metrics'];
}
