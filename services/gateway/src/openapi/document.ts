import { optionsV1 } from '@rapport/contracts';
import type { Contract } from '../contract/contract.js';
import { documentedPath } from '../contract/path-template.js';
import type { OfferedBinding } from '../contract/offered-bindings.js';
import { maskedField, sentFields } from '@rapport/service-kit';
import { ComponentSchemas } from './component-schemas.js';
import { parameterComponents, parametersOf } from './parameters.js';
import { fieldProblemSchema, problemSchema } from './problem-schema.js';
import { headerComponents, problemResponses, responsesOf } from './responses.js';

const DESCRIPTION = `Every customer interaction is a fact that is recorded once; everything else is derived from the facts.

Sign in with \`Authorization: Bearer <token>\`. Lists take \`filter\`, \`sort\`, \`limit\` and \`cursor\`. Writes take
\`Idempotency-Key\` and \`If-Match\`. Failures are problems (RFC 9457): \`code\` is for programs, \`detail\` for people.`;

/**
 * The OpenAPI 3.1 document of what this gateway serves, from the same contract that it serves it by. `instant` is a word of
 * our own for what may be a day as well; generators know `date-time`.
 */
export const openApiDocument = (contract: Contract, offered: readonly OfferedBinding[]): object =>
  JSON.parse(
    JSON.stringify(ownDocument(contract, offered), (key, value: unknown) =>
      key === 'format' && value === 'instant' ? 'date-time' : value,
    ),
  ) as object;

const ownDocument = (contract: Contract, offered: readonly OfferedBinding[]): object => {
  const schemas = new ComponentSchemas('#/components/schemas/');
  const paths = pathsOf(offered, schemas);
  const names = new Set(offered.map(({ method }) => method.service));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rapport',
      version: 'v1',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    tags: contract.services
      .filter(({ typeName }) => names.has(typeName))
      .map(({ name, comment }) => ({ name: tagOf(name), description: comment })),
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'An access token.' } },
      headers: headerComponents,
      parameters: parameterComponents,
      responses: problemResponses(),
      schemas: { ...schemas.all, FieldProblem: fieldProblemSchema, ProblemDetails: problemSchema },
    },
  };
};

type Binding = Pick<OfferedBinding, 'method' | 'binding'>;

const pathsOf = (offered: readonly OfferedBinding[], schemas: ComponentSchemas): object => {
  const paths: Record<string, Record<string, object>> = {};
  for (const each of offered) {
    const path = documentedPath(each.binding.path);
    (paths[path] ??= {})[each.binding.httpMethod.toLowerCase()] = operationOf(each, schemas);
  }
  return paths;
};

const operationOf = (offered: OfferedBinding, schemas: ComponentSchemas): object => {
  const { method, binding } = offered;
  const [summary = '', ...rest] = (method.comment || method.name).split(/(?<=\.)\s/);
  const body = requestBody({ method, binding }, schemas);
  return {
    operationId: operationId({ method, binding }),
    tags: [tagOf(method.service.slice(method.service.lastIndexOf('.') + 1))],
    summary,
    description: [...rest, `Needs the permission \`${method.permission}\`.`].join(' '),
    'x-permission': method.permission,
    parameters: parametersOf(offered, schemas),
    ...(body ? { requestBody: body } : {}),
    responses: responsesOf(method, binding.httpMethod, schemas),
  };
};

/** One method may be reached in several ways; each has its own id. */
const operationId = ({ method, binding }: Binding): string => {
  const also = binding === method.bindings[0] ? [] : [binding.httpMethod.toLowerCase()];
  return [method.key, ...also].join('_');
};

/** `AccessService` reads "Access"; a name of several words, with spaces. */
const tagOf = (service: string): string =>
  service.replace(/Service$/, '').replace(/(?<=[a-z])[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);

const requestBody = ({ method, binding }: Binding, schemas: ComponentSchemas): object | undefined => {
  const { body } = binding;
  if (method.transfer === optionsV1.Transfer.TRANSFER_UPLOAD) return { required: true, content: { '*/*': {} } };
  if (body === '') return undefined;
  const field = method.request.fields.find(({ name }) => name === body);
  const whole = sentFields(method.request).filter(({ name }) => !binding.path.variables.includes(name));
  const variant = maskedField(method.request)?.name === body ? 'changes' : 'input';
  const schema = field ? schemas.reference(field.message!, variant) : schemas.body(method.name, method.request, whole);
  return { required: true, content: { 'application/json': { schema } } };
};
