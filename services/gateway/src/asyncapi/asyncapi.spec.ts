import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { formats } from '@rapport/service-kit';
import { type OpenGateway, openGateway } from '../testing/open-gateway.js';

interface Document {
  readonly channels: Readonly<Record<string, { readonly address: string; readonly messages: object }>>;
  readonly operations: Readonly<Record<string, { readonly action: string; readonly messages: readonly object[] }>>;
  readonly components: { readonly messages: Readonly<Record<string, Message>>; readonly schemas: object };
}

interface Message {
  readonly name: string;
  readonly headers: object;
  readonly payload: object;
}

interface Parsed {
  readonly version?: string;
  readonly diagnostics: readonly object[];
}

/** The parser takes seconds to load. */
const PATIENCE = 60_000;

const parsed = async (text: string): Promise<Parsed> => {
  const parser = new URL('../testing/asyncapi-parser.ts', import.meta.url);
  const worker = new Worker(parser, { workerData: text, execArgv: [] });
  const [answer] = (await once(worker, 'message')) as [Parsed];
  return answer;
};

describe('the AsyncAPI document', () => {
  let door: OpenGateway;
  let text: string;
  let document: Document;
  beforeAll(async () => {
    door = await openGateway();
    text = await (await door.fetch('/asyncapi.json', { token: null })).text();
    document = JSON.parse(text) as Document;
  });
  afterAll(() => door.close());

  it(
    'is valid for the official parser, which has not even an advice',
    async () => {
      expect(await parsed(text)).toEqual({ version: '3.1.0', diagnostics: [] });
    },
    PATIENCE,
  );

  it(
    'would not be valid with a channel that is not there',
    async () => {
      const damaged = text.replaceAll('"#/channels/sales"', '"#/channels/nowhere"');
      expect((await parsed(damaged)).diagnostics).not.toEqual([]);
    },
    PATIENCE,
  );

  it('has every published event, on the topic of its context', async () => {
    const { events } = (await door.call<{ readonly events: readonly string[] }>('GET', '/schemas')).body;
    const { messages } = document.components;
    const names = Object.values(messages).map(({ name }) => `/schemas/${name}.json`);
    expect(names.sort()).toEqual([...events].sort());
    for (const [context, { address, messages: ofChannel }] of Object.entries(document.channels)) {
      if (!address.startsWith('rapport.')) continue;
      const expected = Object.keys(messages).filter((name) => name.startsWith(`${context}.`));
      expect(Object.keys(ofChannel).map((name) => `${context}.${name}`)).toEqual(expected);
    }
  });

  it('says who publishes and who hears what', () => {
    const operations = Object.entries(document.operations).map(([name, { action }]) => `${name}: ${action}`);
    expect(operations.sort()).toEqual([
      'contacts.hear.identity: receive',
      'contacts.hear.sales: receive',
      'contacts.publish: send',
      'identity.hear.contacts: receive',
      'identity.hear.sales: receive',
      'identity.publish: send',
      'sales.hear.contacts: receive',
      'sales.hear.identity: receive',
      'sales.publish: send',
    ]);
    expect(Object.values(document.channels).map(({ address }) => address)).toEqual([
      'rapport.contacts.v1',
      'rapport.identity.v1',
      'rapport.sales.v1',
    ]);
  });

  it('has schemas that say which message is which', () => {
    const ajv = new Ajv({ strict: false, formats });
    ajv.addSchema({ components: document.components }, 'document');
    const valid = (name: string) => ajv.compile({ $ref: `document#/components/messages/${name}/headers` });
    const place = { 'ce-id': 'x', 'ce-stream': 's', 'ce-revision': '0', 'ce-version': '1', 'ce-epoch': '0' };
    const headers = { 'content-type': 'application/cloudevents+json', 'ce-sequence': '7', ...place };
    const sent = { ...headers, 'ce-type': 'rapport.sales.v1.OpportunityWon' };
    expect(valid('sales.OpportunityWon')(sent)).toBe(true);
    expect(valid('sales.OpportunityLost')(sent)).toBe(false);
    expect(valid('sales.OpportunityWon')({ ...sent, traceparent: 'x' })).toBe(false);
    expect(valid('sales.OpportunityWon')({ ...sent, 'ce-revision': 'first' })).toBe(false);
  });
});
