import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { meter } from './meter.js';
import { METRICS, SPANS } from './names.js';
import { startTelemetry } from './telemetry.js';
import { tracer } from './tracer.js';

it('sends spans and metrics to the collector, the last ones when it stops', async () => {
  const received: string[] = [];
  const collector = createServer((request, response) => {
    received.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const otlpEndpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`;
  const telemetry = await startTelemetry({ service: 'sales', otlpEndpoint });
  tracer.span(SPANS.append, {}, () => undefined);
  meter.counter(METRICS.eventsAppended).add(1);
  await telemetry.shutdown();
  collector.closeAllConnections();
  collector.close();
  expect(tracer.enabled).toBe(false);
  expect([...new Set(received)].sort()).toEqual(['POST /v1/metrics', 'POST /v1/traces']);
});

it('serves metrics on a port of its own when asked', async () => {
  const port = await freePort();
  const telemetry = await startTelemetry({ service: 'sales', enabled: true, metricsPort: port });
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('service_name="sales"');
  await telemetry.shutdown();
});

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};
