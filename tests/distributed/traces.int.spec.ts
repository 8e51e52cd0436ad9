import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTelemetry, type Telemetry, type TelemetryConfig } from '@rapport/observability';
import { Api } from '../journeys/support/index.js';
import { openRemoteInstallation, type RemoteInstallation } from './remote-installation.js';

type Processor = NonNullable<TelemetryConfig['spanProcessors']>[number];
type Ended = Parameters<Processor['onEnd']>[0];

const ended: Ended[] = [];
let telemetry: Telemetry;
let installation: RemoteInstallation;

beforeAll(async () => {
  const remember: Processor = {
    onStart: () => undefined,
    onEnd: (span) => void ended.push(span),
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  };
  telemetry = await startTelemetry({ service: 'all', enabled: true, spanProcessors: [remember] });
  installation = await openRemoteInstallation();
});
afterAll(async () => {
  await installation.close();
  await telemetry.shutdown();
});

it('a request is one trace through the gateway, the call and the context, so that each hop can be told apart', async () => {
  const { gateway, token } = installation;
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const headers = { traceparent: `00-${trace}-b7ad6b7169203331-01` };
  await new Api(gateway.address, token).post('/v1/contacts', { firstName: 'Ada' }, headers);
  const spans = ended.filter((span) => span.spanContext().traceId === trace);
  const path: string[] = [];
  for (let parent = 'b7ad6b7169203331'; ;) {
    const span = spans.find(({ parentSpanContext }) => parentSpanContext?.spanId === parent);
    if (!span) break;
    path.push(span.name);
    parent = span.spanContext().spanId;
  }
  expect(path.slice(0, 4)).toEqual([
    'http /v1/contacts',
    'call rapport.contacts.v1.ContactsService/CreateContact',
    'serve rapport.contacts.v1.ContactsService/CreateContact',
    'command CreateContact',
  ]);
  expect(spans.map(({ name }) => name)).toContain('append');
});
