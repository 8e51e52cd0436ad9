import { boolean, integer, oneOf, path, secret, size, string } from '@rapport/config';

/** Everything that can be set when all services run in one process. Each has a default. */
export const standaloneSettings = {
  port: integer('RAPPORT_PORT', 'Port of the API; 0 takes any free one.', { default: 3000, min: 0, max: 65_535 }),
  host: string('RAPPORT_HOST', 'Address to listen on. 0.0.0.0 opens the API to other machines.', {
    default: '127.0.0.1',
  }),
  data: path('RAPPORT_DATA', 'Folder that holds all data.', { default: '.data' }),
  adminToken: secret(
    'RAPPORT_ADMIN_TOKEN',
    'Token of the first administrator, 16 characters or more; made up when unset.',
    {
      default: null,
      minLength: 16,
    },
  ),
  tenant: string('RAPPORT_TENANT', 'Tenant of the first administrator: a-z, 0-9 and _.', { default: 'main' }),
  masterKey: secret(
    'RAPPORT_MASTER_KEY',
    'Key that wraps all keys, 32 bytes as base64; kept in <data>/master.key when unset.',
    {
      default: null,
    },
  ),
  logLevel: oneOf('RAPPORT_LOG_LEVEL', 'How much is logged.', {
    default: 'warn',
    values: ['debug', 'info', 'warn', 'error', 'silent'],
  }),
  bodyLimit: size('RAPPORT_BODY_LIMIT', 'Largest JSON body.', { default: 1_048_576, min: 1_024 }),
  uploadLimit: size('RAPPORT_UPLOAD_LIMIT', 'Largest uploaded file.', { default: 268_435_456, min: 1_024 }),
  rateLimit: integer('RAPPORT_RATE_LIMIT', 'Requests per 10 seconds and token; 0 switches the limit off.', {
    default: 3_000,
    min: 0,
  }),
  corsOrigins: string(
    'RAPPORT_CORS_ORIGINS',
    'Web origins that may call the API from a browser, separated by commas.',
    {
      default: '',
    },
  ),
  telemetry: boolean('RAPPORT_TELEMETRY', 'Traces and metrics; on by itself when OTEL_EXPORTER_OTLP_ENDPOINT is set.', {
    default: null,
  }),
  otlpEndpoint: string('OTEL_EXPORTER_OTLP_ENDPOINT', 'Collector that takes OTLP over HTTP.', { default: null }),
} as const;
