import { boolean, duration, integer, oneOf, path, required, secret, string, timeZone } from '@rapport/config';
import { mailSettings } from '@rapport/mail';

/** Every process has these. */
export const processSettings = {
  logLevel: oneOf('RAPPORT_LOG_LEVEL', 'How much is logged.', {
    default: 'info',
    values: ['debug', 'info', 'warn', 'error', 'silent'],
  }),
  telemetry: boolean('RAPPORT_TELEMETRY', 'Traces and metrics; on by itself when OTEL_EXPORTER_OTLP_ENDPOINT is set.', {
    default: null,
  }),
  otlpEndpoint: string('OTEL_EXPORTER_OTLP_ENDPOINT', 'Collector that takes OTLP over HTTP.', { default: null }),
  startTimeout: duration('RAPPORT_START_TIMEOUT', 'How long a start waits for engines that are not there yet.', {
    default: 60_000,
    min: 1,
  }),
  stopTimeout: duration('RAPPORT_STOP_TIMEOUT', 'How long calls under way may take when the process is told to stop.', {
    default: 10_000,
    min: 1,
  }),
} as const;

export const regionSettings = {
  region: string(
    'RAPPORT_REGION',
    'Where this installation keeps its data: what belongs to another region is not opened.',
    {
      default: null,
    },
  ),
} as const;

export const eventStoreSettings = {
  eventStoreUrl: secret(
    'EVENTSTOREDB_URL',
    'Connection string of EventStoreDB. Default: esdb://127.0.0.1:2113?tls=false',
    {
      default: 'esdb://127.0.0.1:2113?tls=false',
    },
  ),
  namespace: string(
    'RAPPORT_NAMESPACE',
    'Tells installations that share engines apart, in the names of streams, topics and databases: a-z, 0-9 and _.',
    { default: null },
  ),
  ...regionSettings,
} as const;

/** What a context needs beside the event store. */
export const engineSettings = {
  ...eventStoreSettings,
  kafkaBrokers: string('KAFKA_BROKERS', 'Kafka brokers to begin with, host:port, separated by commas.', {
    default: '127.0.0.1:9092',
  }),
  kafkaTls: boolean('KAFKA_TLS', 'Talk to Kafka over TLS.', { default: false }),
  kafkaMechanism: oneOf('KAFKA_SASL_MECHANISM', 'How to sign in to Kafka.', {
    default: 'plain',
    values: ['plain', 'scram-sha-256', 'scram-sha-512'],
  }),
  kafkaUsername: string('KAFKA_USERNAME', 'Signs in to Kafka; nobody does when unset.', { default: null }),
  kafkaPassword: secret('KAFKA_PASSWORD', 'Belongs to KAFKA_USERNAME.', { default: null }),
  mongoUrl: secret('MONGODB_URL', 'Connection string of MongoDB. Default: mongodb://127.0.0.1:27017', {
    default: 'mongodb://127.0.0.1:27017',
  }),
  keyringUrl: secret(
    'RAPPORT_KEYRING_URL',
    'Connection string of the MongoDB that keeps the keys of people, which all contexts share. Default: MONGODB_URL',
    { default: null },
  ),
  timeZone: timeZone(
    'RAPPORT_TIME_ZONE',
    'Where days begin and end: for boards, reports, due dates and imports. After a change boards are built anew.',
    { default: 'UTC' },
  ),
  lostKeys: oneOf(
    'RAPPORT_LOST_KEYS',
    'What to do where facts are sealed with keys that are not there: refuse to start, or forget what they say for ever.',
    { default: 'refuse', values: ['refuse', 'forget'] },
  ),
  masterKey: required(
    secret(
      'RAPPORT_MASTER_KEY',
      'Key that wraps all keys of people: 32 bytes as base64, or the file that holds them.',
      {
        default: null,
      },
    ),
  ),
} as const;

/** A context as a process of its own. */
export const serviceSettings = {
  epoch: integer(
    'RAPPORT_EPOCH',
    'To be raised by one when events were set back to an earlier state, from a backup: others then hear everything anew.',
    { default: 0, min: 0 },
  ),
  port: integer('RAPPORT_PORT', 'Port for the calls of gateways; 0 takes any free one.', {
    default: 50_051,
    min: 0,
    max: 65_535,
  }),
  host: string('RAPPORT_HOST', 'Address to listen on. 0.0.0.0 takes calls from other machines.', {
    default: '127.0.0.1',
  }),
  healthPort: integer('RAPPORT_HEALTH_PORT', 'Port of /healthz, /readyz and /metrics; 0 takes any free one.', {
    default: 8_080,
    min: 0,
    max: 65_535,
  }),
  instance: string(
    'RAPPORT_INSTANCE',
    "Names this process among its replicas. Default: the machine's name and the process id.",
    {
      default: null,
    },
  ),
  followers: oneOf(
    'RAPPORT_FOLLOWERS',
    'Whether this process runs what follows the facts (projections, reactions, imports) beside taking calls; only: without taking calls.',
    { default: 'on', values: ['on', 'off', 'only'] },
  ),
  publicKey: required(
    string(
      'RAPPORT_PRINCIPAL_PUBLIC_KEY',
      "The gateway's public key: PEM, or the file that holds it. Made by npm run keys.",
      {
        default: null,
      },
    ),
  ),
  contextKeys: required(
    path(
      'RAPPORT_CONTEXT_KEYS',
      "Folder that holds this context's private key, <context>.pem, and the public keys of all, <context>.pub.pem. Made by npm run keys.",
      { default: null },
    ),
  ),
  deletionWait: duration('RAPPORT_DELETION_WAIT', 'How long whoever has a whole workspace deleted can think again.', {
    default: 7 * 24 * 3_600_000,
    min: 1_000,
  }),
  publicUrl: string('RAPPORT_PUBLIC_URL', 'Where people find Rapport: links in mail begin with it.', { default: null }),
  ...mailSettings,
  ...engineSettings,
  ...processSettings,
} as const;
