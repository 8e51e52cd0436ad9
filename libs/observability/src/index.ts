export type { AttributeValue, Attributes, Span } from './backend.js';
export * from './logger.js';
export * from './meter.js';
export * from './names.js';
export * from './telemetry.js';
export type { Telemetry, TelemetryConfig } from './telemetry-config.js';
export * from './tracer.js';
