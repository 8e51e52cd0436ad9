import type { Backend } from '@rapport/service-kit';
import type { FastifyInstance } from 'fastify';
import { parsePathTemplate } from '../contract/path-template.js';
import { type Door, guarded } from '../http/door.js';
import type { NotFound } from '../http/not-found.js';
import { callContextOf } from '../transcoding/call-context.js';
import { fieldsOfTenant, withFieldsOfTenant } from './tenant-fields.js';

const PATH = '/v1/openapi.json';

interface Parts {
  readonly contacts: Backend;
  /** That of everybody. */
  readonly document: () => object;
  readonly door: Door;
  readonly notFound: NotFound;
}

/** The OpenAPI document as one tenant has it: with the fields that it has given its records. It belongs to no method of the contract. */
export const addTenantDocument = (server: FastifyInstance, { contacts, document, door, notFound }: Parts): void => {
  notFound.add(
    'GET',
    parsePathTemplate(PATH, (name) => name),
  );
  const handler = guarded(door, async (request, reply) => {
    const call = callContextOf(request);
    const body = withFieldsOfTenant(document(), await fieldsOfTenant(contacts, call));
    door.answers.send(request, reply, { status: 200, body, marks: {} });
  });
  server.route({ method: 'GET', url: PATH, onRequest: door.signIn.hook, handler });
};
