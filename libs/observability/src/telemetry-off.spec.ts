import { expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { meter } from './meter.js';
import { ATTRIBUTES, METRICS, SPANS } from './names.js';
import { startTelemetry } from './telemetry.js';
import { currentTraceparent, tracer, withRemoteParent } from './tracer.js';

it('does the work of a span and nothing else', async () => {
  expect((await startTelemetry({ service: 'sales' })).enabled).toBe(false);
  expect(tracer.enabled).toBe(false);
  expect(meter.enabled).toBe(false);
  expect(tracer.span(SPANS.append, {}, () => 7)).toBe(7);
  expect(await tracer.span(SPANS.append, {}, async (span) => (span.set(ATTRIBUTES.batchSize, 1), 8))).toBe(8);
  expect(() =>
    tracer.span(SPANS.append, {}, () => {
      throw new Error('as it is');
    }),
  ).toThrow('as it is');
});

it('knows no trace', () => {
  const remote = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  expect(withRemoteParent(remote, currentTraceparent)).toBeUndefined();
});

it('has instruments that take values and drop them', () => {
  const counter = meter.counter(METRICS.commands);
  expect(counter.add(1, { [ATTRIBUTES.outcome]: 'done' })).toBeUndefined();
});

it('answers /metrics with how to switch it on', async () => {
  const telemetry = await startTelemetry({ service: 'sales' });
  const server = createServer(telemetry.metrics).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('RAPPORT_TELEMETRY=on');
  server.close();
});
