import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fakeContacts } from '../testing/fake-context.js';
import { type OpenGateway, openGateway } from '../testing/open-gateway.js';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly required?: readonly string[] }>> };
}

let door: OpenGateway;
let document: Document;

// A loaded machine is no fault of ours.
jest.setTimeout(60_000);

beforeAll(async () => {
  door = await openGateway({ backend: fakeContacts() });
  document = (await door.call<Document>('GET', '/openapi.json')).body;
});

afterAll(() => door.close());

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate({ ...document });
    expect(result).toMatchObject({ valid: true });
    expect(document.openapi).toBe('3.1.0');
  });

  it('names every operation once, with a summary', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining(['createContact', 'createImport', 'archiveContact_post', 'streamEvents']),
    );
    expect(operations.filter(({ summary }) => summary === '')).toEqual([]);
  });

  it('says that a file may be gone when it is asked for', () => {
    const answers = (path: string) => Object.keys(document.paths[path]!['get']!.responses);
    expect(answers('/v1/imports/{kind}/{id}/errors.csv')).toContain('410');
    expect(answers('/v1/imports/{kind}/{id}')).not.toContain('410');
  });

  it('leaves generators nothing to name by counting', () => {
    const inline: string[] = [];
    const look = (node: unknown, at: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties, enum: words } = node as { properties?: object; enum?: readonly unknown[] };
      const isNamed = /^#\/components\/schemas\/\w+$/.test(at);
      if ((properties || words) && !isNamed) inline.push(at);
      for (const [key, value] of Object.entries(node)) look(value, `${at}/${key}`);
    };
    look(document, '#');
    expect(inline).toEqual([]);
    const text = JSON.stringify(document);
    expect(text).not.toContain('"instant"');
    expect(text).toContain('{"$ref":"#/components/schemas/AsOfBy"}');
    expect(document.components.schemas).toMatchObject({
      AsOfBy: { enum: ['occurred', 'recorded'] },
      ImportSettingsMode: { enum: ['upsert', 'create', 'update'] },
      LaterChanges: { enum: ['refuse', 'keep'] },
      ProblemDetails: { properties: { detail: { 'x-ms-primary-error-message': true } } },
    });
  });

  it('shows what is really answered', () => {
    expect(Object.keys(document.paths['/v1/contacts']!['post']!.responses)).toContain('201');
    expect(Object.keys(document.paths['/v1/contacts:batch']!['post']!.responses)).toContain('207');
  });

  it('has a schema each for creating, changing and reading a record', () => {
    const { schemas } = document.components;
    expect(schemas).toHaveProperty('Contact.properties.info');
    expect(schemas).not.toHaveProperty('ContactInput.properties.info');
    expect(schemas).toHaveProperty('ContactChanges.properties.email.type', ['string', 'null']);
    expect(schemas['ImportInput']!.required).toEqual(['fileName']);
    expect(schemas['ImportSettingsInput']).toBeDefined();
  });

  it('leaves out what nobody serves', () => {
    expect(Object.keys(document.paths).filter((path) => path.startsWith('/v1/opportunities'))).toEqual([]);
  });

  it('serves every address that it documents', async () => {
    const id = '01a20115-9ed5-720c-9a0c-c25e702383a5';
    for (const [path, operations] of Object.entries(document.paths))
      for (const method of Object.keys(operations)) {
        const response = await door.fetch(path.replaceAll('{id}', id), { method: method.toUpperCase(), token: null });
        expect(`${method} ${path} ${response.status}`).toBe(`${method} ${path} 401`);
        await response.body?.cancel();
      }
  });
});

describe('the schema of an event', () => {
  it('is valid JSON Schema for every type', async () => {
    const { events } = (await door.call<{ readonly events: readonly string[] }>('GET', '/schemas')).body;
    expect(events).toContain('/schemas/rapport.sales.v1.OpportunityWon.json');
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const address of events) {
      const { body, status } = await door.call('GET', address);
      expect(status).toBe(200);
      expect(() => ajv.compile(body as object)).not.toThrow();
    }
  });

  it('of an unknown type is not there', async () => {
    expect((await door.call('GET', '/schemas/rapport.sales.v1.Nothing.json')).status).toBe(404);
  });
});

describe('a page for people', () => {
  it.each([
    ['/docs', 'text/html'],
    ['/docs/docs.js', 'text/javascript'],
    ['/docs/docs.css', 'text/css'],
    ['/problems', 'text/html'],
    ['/problems/malformed-json', 'text/html'],
  ])('%s is there and loads nothing from elsewhere', async (path, type) => {
    const response = await door.fetch(path, { token: null });
    expect(response.headers.get('content-type')).toContain(type);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).not.toMatch(/https?:\/\//);
  });

  it('repeats nothing that somebody wrote into its address', async () => {
    const response = await door.fetch('/problems/%3Cscript%3E', { token: null });
    expect(await response.text()).not.toContain('<script>');
  });
});
