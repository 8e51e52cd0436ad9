import { boolean, type Config, duration, integer, oneOf, path, secret, string, timeZone } from '@rapport/config';
import { doorSettings } from '@rapport/gateway';
import { mailSettings } from '@rapport/mail';

/** Everything that can be set when all services run in one process. Each has a default. */
export const standaloneSettings = {
  ...doorSettings,
  ...mailSettings,
  data: path('RAPPORT_DATA', 'Folder that holds all data.', { default: '.data' }),
  masterKey: secret(
    'RAPPORT_MASTER_KEY',
    'Key that wraps all keys, 32 bytes as base64; kept in <data>/master.key when unset.',
    {
      default: null,
    },
  ),
  region: string(
    'RAPPORT_REGION',
    'Where this installation keeps its data: what belongs to another region is not opened.',
    {
      default: null,
    },
  ),
  epoch: integer(
    'RAPPORT_EPOCH',
    'To be raised by one when events were set back to an earlier state, from a backup: others then hear everything anew.',
    { default: 0, min: 0 },
  ),
  timeZone: timeZone(
    'RAPPORT_TIME_ZONE',
    'Where days begin and end: for boards, reports, due dates and imports. After a change boards are built anew.',
    { default: 'UTC' },
  ),
  deletionWait: duration('RAPPORT_DELETION_WAIT', 'How long whoever has a whole workspace deleted can think again.', {
    default: 7 * 24 * 3_600_000,
    min: 1_000,
  }),
  lostKeys: oneOf(
    'RAPPORT_LOST_KEYS',
    'What to do where facts are sealed with keys that are not there: refuse to start, or forget what they say for ever.',
    { default: 'refuse', values: ['refuse', 'forget'] },
  ),
  followers: oneOf(
    'RAPPORT_FOLLOWERS',
    'Where projections, reactions and imports run: on a thread of their own, or together with the door, which takes less memory.',
    { default: 'thread', values: ['thread', 'together'] },
  ),
  logLevel: oneOf('RAPPORT_LOG_LEVEL', 'How much is logged.', {
    default: 'warn',
    values: ['debug', 'info', 'warn', 'error', 'silent'],
  }),
  telemetry: boolean('RAPPORT_TELEMETRY', 'Traces and metrics; on by itself when OTEL_EXPORTER_OTLP_ENDPOINT is set.', {
    default: null,
  }),
  otlpEndpoint: string('OTEL_EXPORTER_OTLP_ENDPOINT', 'Collector that takes OTLP over HTTP.', { default: null }),
} as const;

export type StandaloneConfig = Config<typeof standaloneSettings>;
