import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@rapport/kernel';
import { FakeBackend } from '../testing/fake-context.js';
import { type OpenGateway, openGateway } from '../testing/open-gateway.js';

/** Two contexts whose operations and imports are answered alike, and a third without imports. */
const backend = (): FakeBackend =>
  new FakeBackend({
    'operations.v1.OperationsService.listFollowers': async () => ({ data: [] }),
    'operations.v1.OperationsService.replayParkedEvent': async () => ({ id: 'x', verdict: 'done' }),
    'imports.v1.ImportsService.createImport': async () => ({ id: newId() }),
    'imports.v1.ImportsService.runImport': async () => ({ id: newId() }),
    'imports.v1.ImportsService.uploadImportFile': async () => ({ id: newId() }),
  });

const boats = { name: 'boats', importKinds: ['boats', 'sails'], backend: backend() };
const crews = { name: 'crews', importKinds: ['sailors'], backend: backend() };
const harbours = { name: 'harbours', importKinds: [], backend: backend() };

let door: OpenGateway;
beforeAll(async () => {
  door = await openGateway({ contexts: [boats, crews, harbours] });
});
afterAll(() => door.close());

/** Who has answered since the last time that somebody asked. */
const answered = (): readonly string[] =>
  [boats, crews, harbours].flatMap(({ name, backend: { calls } }) => calls.splice(0).map(() => name));

describe('a call that names a context or a kind of import', () => {
  const id = newId();

  it.each([
    ['GET', '/v1/operations/boats/followers', undefined, 'boats'],
    ['GET', '/v1/operations/harbours/followers', undefined, 'harbours'],
    ['POST', '/v1/operations/crews/parked:replay', { id: 'x' }, 'crews'],
    ['POST', '/v1/imports/sails', { fileName: 'a.csv' }, 'boats'],
    ['POST', '/v1/imports/sailors', { fileName: 'a.csv' }, 'crews'],
    ['POST', `/v1/imports/sailors/${id}:run`, undefined, 'crews'],
    ['PUT', `/v1/imports/boats/${id}/file`, undefined, 'boats'],
  ])('%s %s', async (method, path, body, context) => {
    expect((await door.call(method, path, body)).status).toBeLessThan(300);
    expect(answered()).toEqual([context]);
  });

  it.each([
    [
      'GET',
      '/v1/operations/boat/followers',
      undefined,
      'unknown-context',
      /boats, crews, harbours. Did you mean "boats"/,
    ],
    ['POST', '/v1/operations/x/parked:replay', { nonsense: 1 }, 'unknown-context', /There is no context "x" here/],
    [
      'POST',
      '/v1/imports/constructor',
      { nonsense: 1 },
      'unknown-kind',
      /There is no kind "constructor".*boats, sailors, sails/,
    ],
    ['POST', `/v1/imports/harbours/not-an-id:run`, undefined, 'unknown-kind', /boats, sailors, sails/],
    ['PUT', `/v1/imports/oars/${id}/file`, undefined, 'unknown-kind', /boats, sailors, sails/],
  ])('is told which there are: %s %s', async (method, path, body, code, detail) => {
    const answer = await door.call(method, path, body);
    expect([answer.status, answer.body.code]).toEqual([404, code]);
    expect(answer.body.detail).toMatch(detail);
    expect(answered()).toEqual([]);
  });

  it('needs the permission first', async () => {
    const authorization = await door.tokenFor('viewer');
    const answer = await door.call('POST', '/v1/imports/oars', { fileName: 'a.csv' }, { authorization });
    expect(answer.status).toBe(403);
  });

  it('is documented once, with the names that there are', async () => {
    interface Document {
      readonly paths: Record<string, Record<string, { parameters: { name: string; schema: { $ref?: string } }[] }>>;
      readonly components: { readonly schemas: Record<string, object> };
    }
    const { body } = await door.call<Document>('GET', '/openapi.json');
    const named = (path: string, method: string, name: string) =>
      body.paths[path]?.[method]?.parameters.find((parameter) => parameter.name === name)?.schema.$ref;
    expect(named('/v1/operations/{context}/followers', 'get', 'context')).toBe('#/components/schemas/Context');
    expect(named('/v1/imports/{kind}', 'post', 'kind')).toBe('#/components/schemas/Kind');
    expect(named('/v1/imports/{kind}/{id}:run', 'post', 'kind')).toBe('#/components/schemas/Kind');
    expect(body.components.schemas).toMatchObject({
      Context: { enum: ['boats', 'crews', 'harbours'] },
      Kind: { enum: ['boats', 'sailors', 'sails'] },
    });
  });
});

it('leaves out what no context answers', async () => {
  const alone = await openGateway({ contexts: [harbours] });
  const { body } = await alone.call<{ paths: object }>('GET', '/openapi.json');
  expect(Object.keys(body.paths).filter((path) => path.startsWith('/v1/imports'))).toEqual([]);
  expect((await alone.call('GET', '/v1/imports/boats')).status).toBe(404);
  await alone.close();
});
