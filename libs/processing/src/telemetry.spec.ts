import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { InMemoryBookkeeping, InMemoryEventStore } from '@rapport/event-store';
import { InMemoryMessageBus } from '@rapport/message-bus';
import { startTelemetry, type Telemetry, type TelemetryConfig } from '@rapport/observability';
import { InMemoryReadModelStore } from '@rapport/read-models';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { accounts, eventOf, opening } from './fakes/accounts.js';
import { busExchange } from './exchange/bus-exchange.js';
import { Inbox } from './exchange/inbox.js';
import { LiveProjection } from './live-projection.js';
import { soleOwnership } from './ownership.js';
import { ParkedEvents } from './parked-events.js';
import { reactor } from './reactor.js';
import { relay } from './relay.js';

type Processor = NonNullable<TelemetryConfig['spanProcessors']>[number];
type Ended = Parameters<Processor['onEnd']>[0];

const ended: Ended[] = [];
let telemetry: Telemetry;

beforeAll(async () => {
  const remember: Processor = {
    onStart: () => undefined,
    onEnd: (span) => void ended.push(span),
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  };
  telemetry = await startTelemetry({ service: 'bank', enabled: true, spanProcessors: [remember] });
});
afterAll(() => telemetry.shutdown());

const TRACE = '0af7651916cd43dd8448eb211c80319c';

const metricsText = async (): Promise<string> => {
  const server = createServer(telemetry.metrics).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
  const text = await answer.text();
  server.close();
  return text;
};

it('carries the trace of a command through relay and consumer and into reactions, and counts what was done', async () => {
  const events = new InMemoryEventStore();
  const readModels = new InMemoryReadModelStore();
  const bus = new InMemoryMessageBus();
  const opened = eventOf(opening(1));
  const metadata = { ...opened.metadata, traceparent: `00-${TRACE}-b7ad6b7169203331-01` };
  await events.append('account-main-a1', [{ ...opened, metadata }], 'no-stream');
  const books = new InMemoryBookkeeping();
  const parked = new ParkedEvents(books);
  const live = new LiveProjection({ events, readModels }, accounts);
  const publishing = {
    context: 'bank',
    publishes: { AccountOpened: ({ data }: { data: object }) => ({ type: 'AccountOpened', data }) },
  };
  const source = { publishing, aggregates: ['account'], sealedEvents: events, books, epoch: async () => 0 };
  const relaying = relay(source, bus);
  const refuse = { name: 'refuse', prefixes: [], types: ['AccountOpened'], react: async () => ({ park: 'no' }) };
  const reacting = reactor(refuse, { events, books, parked });
  const inbox = new Inbox(new InMemoryEventStore(), books);
  const listening = {
    context: 'shop',
    from: 'bank',
    aggregates: ['account'],
    inbox,
    books,
    ownership: soleOwnership(),
    epoch: async () => 0,
  };
  const listener = busExchange(bus).listen(listening);
  relaying.start();
  reacting.start();
  await Promise.all([live.start(), listener.start(), relaying.progress.reachEnd(), reacting.progress.reachEnd()]);
  await listener.caughtUp();
  await Promise.all([live.stop(), listener.stop(), relaying.stop(), reacting.stop()]);
  const byName = new Map(ended.map((span) => [span.name, span]));
  const [publish, consume, react] = ['publish rapport.bank.v1', 'consume rapport.bank.v1', 'react refuse'].map((name) =>
    byName.get(name),
  );
  expect([publish, consume, react].map((span) => span?.spanContext().traceId)).toEqual([TRACE, TRACE, TRACE]);
  expect(consume?.parentSpanContext?.spanId).toBe(publish?.spanContext().spanId);
  expect(react?.attributes).toMatchObject({ 'rapport.outcome': 'park', 'rapport.event.type': 'AccountOpened' });
  const projected = byName.get(`project accounts@${live.generation}`);
  expect(projected?.parentSpanContext?.spanId).toBe(
    byName.get(`follow accounts@${live.generation}`)?.spanContext().spanId,
  );
  const metrics = await metricsText();
  expect(metrics).toMatch(/rapport_parked_total\{rapport_follower="refuse"\} 1/);
  expect(metrics).toMatch(/rapport_bus_published_total\{messaging_destination_name="rapport.bank.v1"\} 1/);
  expect(metrics).toMatch(/rapport_bus_consumed_total\{.*rapport_outcome="done"\} 1/);
  expect(metrics).toMatch(/rapport_follower_lag_seconds\{rapport_follower="relay:bank"\} 0/);
  await bus.close();
});
