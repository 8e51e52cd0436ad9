import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from './logger.js';
import { meter } from './meter.js';
import { ATTRIBUTES, METRICS, SPANS } from './names.js';
import { startTelemetry } from './telemetry.js';
import type { Telemetry, TelemetryConfig } from './telemetry-config.js';
import { currentTraceparent, tracer, withRemoteParent } from './tracer.js';

type Processor = NonNullable<TelemetryConfig['spanProcessors']>[number];
type Ended = Parameters<Processor['onEnd']>[0];

const ended: Ended[] = [];
const remember: Processor = {
  onStart: () => undefined,
  onEnd: (span) => void ended.push(span),
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};

/** Made before telemetry starts, as modules do. */
const commands = meter.counter(METRICS.commands);
const duration = meter.histogram(METRICS.appendDuration);
const lag = meter.gauge(METRICS.followerLagEvents);

let telemetry: Telemetry;

beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'sales', enabled: true, spanProcessors: [remember] });
});
beforeEach(() => void ended.splice(0));
afterAll(() => telemetry.shutdown());

const REMOTE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it('ends a span with its work, titled and with its attributes', async () => {
  const result = await tracer.span(SPANS.command, { [ATTRIBUTES.command]: 'WinDeal' }, async (span) => {
    span.set(ATTRIBUTES.outcome, 'done');
    return 'won';
  });
  expect(result).toBe('won');
  expect(ended.map(({ name, attributes }) => ({ name, attributes }))).toEqual([
    { name: 'command WinDeal', attributes: { 'rapport.command': 'WinDeal', 'rapport.outcome': 'done' } },
  ]);
});

it('marks a failed span and lets the error through', async () => {
  const broken = () =>
    tracer.span(SPANS.append, {}, () => {
      throw new Error('disk full');
    });
  expect(broken).toThrow('disk full');
  await expect(tracer.span(SPANS.append, {}, () => Promise.reject(new Error('too slow')))).rejects.toThrow('too slow');
  expect(ended.map(({ status }) => status.message)).toEqual(['disk full', 'too slow']);
});

it('goes on with the trace of a remote parent, over awaits', async () => {
  const inside = await withRemoteParent(REMOTE, () =>
    tracer.span(SPANS.consume, {}, async () => {
      await Promise.resolve();
      return currentTraceparent();
    }),
  );
  expect(inside).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
  expect(inside).not.toBe(REMOTE);
  expect(ended[0]?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  expect(currentTraceparent()).toBeUndefined();
});

it('starts a trace of its own where there is no usable parent', () => {
  expect(withRemoteParent('rubbish', () => tracer.span(SPANS.consume, {}, currentTraceparent))).toMatch(/^00-/);
});

it('puts the trace id into logs', () => {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'sales',
    format: 'json',
    destination: { write: (line) => void lines.push(line) },
  });
  withRemoteParent(REMOTE, () => logger.info('within'));
  logger.info('without');
  expect(JSON.parse(lines[0]!)).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c' });
  expect(JSON.parse(lines[1]!)).not.toHaveProperty('traceId');
});

it('serves the metrics as Prometheus text', async () => {
  commands.add(2, { [ATTRIBUTES.command]: 'WinDeal', [ATTRIBUTES.outcome]: 'done' });
  duration.record(0.003);
  lag.set(12, { [ATTRIBUTES.follower]: 'board' });
  const server = createServer(telemetry.metrics).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
  const text = await answer.text();
  server.close();
  expect(answer.status).toBe(200);
  expect(text).toMatch(/rapport_commands_total\{rapport_command="WinDeal",rapport_outcome="done"\} 2/);
  expect(text).toMatch(/rapport_append_duration_bucket\{le="0.005"\} 1/);
  expect(text).toMatch(/rapport_follower_lag_events\{rapport_follower="board"\} 12/);
});
