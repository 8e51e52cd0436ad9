import { beforeAll, describe, expect, it } from '@jest/globals';
import { createGateway } from '@rapport/gateway';
import type { Message } from '@rapport/message-bus';
import { groupOf } from '@rapport/processing';
import { serviceDefinitions } from '@rapport/standalone/contexts';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { publishedMessages } from './sample-history.js';

interface Document {
  readonly channels: Readonly<Record<string, { readonly address: string }>>;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: { readonly messages: Readonly<Record<string, { readonly name: string }>> };
}

interface Operation {
  readonly action: 'send' | 'receive';
  readonly messages: readonly { readonly $ref: string }[];
  readonly 'x-records'?: readonly string[];
  readonly bindings?: { readonly kafka: { readonly groupId: { readonly pattern: string } } };
}

const servedDocument = async (): Promise<Document> => {
  const gateway = await createGateway({ contexts: [], config: { port: 0 } });
  try {
    return (await (await fetch(`${gateway.address}/asyncapi.json`)).json()) as Document;
  } finally {
    await gateway.close();
  }
};

let document: Document;
let messages: readonly Message[];
/** By the type of event: whether its headers and its body are as documented. */
let schemas: ReadonlyMap<string, { readonly headers: ValidateFunction; readonly payload: ValidateFunction }>;

beforeAll(async () => {
  [document, messages] = await Promise.all([servedDocument(), publishedMessages()]);
  const ajv = formats.default(new Ajv({ strict: false }));
  ajv
    .addFormat('instant', true)
    .addFormat('currency', /^[A-Z]{3}$/)
    .addFormat('phone', true);
  ajv.addSchema({ components: document.components }, 'document');
  const compiled = (name: string, part: string) =>
    ajv.compile({ $ref: `document#/components/messages/${name}/${part}` });
  schemas = new Map(
    Object.entries(document.components.messages).map(([name, message]) => [
      message.name,
      { headers: compiled(name, 'headers'), payload: compiled(name, 'payload') },
    ]),
  );
}, 180_000);

const typeOf = (message: Message): string => message.headers['ce-type']!;
const bodyOf = (message: Message): Body => JSON.parse(message.value) as Body;
const isDocumented = (type: string, body: object): boolean => schemas.get(type)!.payload(body);

type Body = Readonly<Record<string, unknown>> & { readonly data: Readonly<Record<string, unknown>> };

describe('what the services publish', () => {
  it('is all that is documented, and nothing else', () => {
    const published = new Set(messages.map(typeOf));
    expect([...published].sort()).toEqual([...schemas.keys()].sort());
  });

  it('is as documented: headers, envelope and data', () => {
    for (const message of messages) {
      const { headers, payload } = schemas.get(typeOf(message))!;
      expect({ message, ok: headers(message.headers), errors: headers.errors }).toEqual({
        message,
        ok: true,
        errors: null,
      });
      expect({ message, ok: payload(bodyOf(message)), errors: payload.errors }).toEqual({
        message,
        ok: true,
        errors: null,
      });
    }
  });

  it('says nothing about a person in clear', () => {
    const text = JSON.stringify(messages);
    for (const personal of ['Lovelace', 'ada@example.org', 'St James']) expect(text).not.toContain(personal);
    expect(messages.filter((message) => 'sealed' in bodyOf(message)).length).toBeGreaterThan(0);
  });
});

describe('a damaged message', () => {
  const REQUIRED = [
    'specversion',
    'id',
    'source',
    'type',
    'subject',
    'time',
    'datacontenttype',
    'dataschema',
    'tenant',
  ];
  const ALSO = ['revision', 'recordedtime', 'actor', 'correlationid', 'sequence', 'data'];

  it.each([...REQUIRED, ...ALSO])('is not as documented: without %s, or with a list in its place', (name) => {
    for (const message of messages) {
      const { [name]: _, ...body } = bodyOf(message);
      expect(isDocumented(typeOf(message), body)).toBe(false);
      expect(isDocumented(typeOf(message), { ...body, [name]: [] })).toBe(false);
    }
  });

  it('is not as documented: data of another form, or another event', () => {
    const won = messages.find((message) => typeOf(message).endsWith('.OpportunityWon'))!;
    const body = bodyOf(won);
    const { closedOn: _, ...undated } = body.data;
    const wrong = [{}, undated, { ...body.data, closedOn: 20_170_301 }, { ...body.data, amount: { minor: 'much' } }];
    for (const data of wrong) expect(isDocumented(typeOf(won), { ...body, data })).toBe(false);
    expect(isDocumented('rapport.sales.v1.OpportunityLost', body)).toBe(false);
  });
});

describe('what the services hear of each other', () => {
  it('is documented as they do it', () => {
    const documented = Object.values(document.operations).flatMap(({ action, messages, bindings, ...rest }) => {
      const [, , from] = messages[0]!.$ref.split('/');
      return action === 'receive' ? [{ from, of: rest['x-records'], group: bindings!.kafka.groupId.pattern }] : [];
    });
    const heard = serviceDefinitions.flatMap(({ context, listens = {} }) =>
      Object.entries(listens).map(([from, aggregates]) => {
        return { from, of: aggregates, group: groupOf({ context, from, aggregates }) };
      }),
    );
    const matching = documented.map(({ from, of, group }) =>
      heard.filter(
        (each) => each.from === from && String(each.of) === String(of) && new RegExp(group).test(each.group),
      ),
    );
    expect(matching.map(({ length }) => length)).toEqual(documented.map(() => 1));
    expect(new Set(matching.flat()).size).toBe(heard.length);
  });
});
