import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { DomainError } from '@rapport/kernel';
import { asyncApiDocument } from '../asyncapi/asyncapi-document.js';
import type { Contract } from '../contract/contract.js';
import type { OfferedBinding } from '../contract/offered-bindings.js';
import { pageHeaders } from '../http/security-headers.js';
import { problemsPage } from '../problems/problems-page.js';
import { openApiDocument } from './document.js';
import { eventSchema } from './event-schemas.js';

/** Beside `src` and `dist` alike. */
const ASSETS = join(import.meta.dirname, '..', '..', 'assets');

const JSON_TYPE = 'application/json; charset=utf-8';

/** What browsers load, and which file of ours it is. */
const FILES: readonly (readonly [url: string, name: string])[] = [
  ...(['docs', 'sign-in', 'account'] as const).map((page) => [`/${page}`, `${page}.html`] as const),
  ...['docs.js', 'docs.css'].map((name) => [`/docs/${name}`, name] as const),
  ...['sign-in.js', 'sign-in.css', 'account.js', 'door.js', 'passkeys.js', 'password-field.js'].map(
    (name) => [`/sign-in/${name}`, name] as const,
  ),
];

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

const LINKS = {
  name: 'Rapport',
  documentation: '/docs',
  contract: '/openapi.json',
  contractOfTenant: '/v1/openapi.json',
  events: '/asyncapi.json',
  eventSchemas: '/schemas',
  problems: '/problems',
  me: '/v1/me',
  signIn: '/sign-in',
  account: '/account',
  ready: '/readyz',
};

/** Everything that may be read without a token: documentation and schemas, made once, when first asked for. */
export const addPages = (server: FastifyInstance, contract: Contract, offered: readonly OfferedBinding[]): void => {
  let document: string | undefined;
  let events: string | undefined;
  const page = (url: string, type: string, content: () => string): void => {
    server.get(url, (_request, reply) => reply.headers(pageHeaders).type(type).send(content()));
  };
  page('/', JSON_TYPE, () => JSON.stringify(LINKS));
  page('/openapi.json', JSON_TYPE, () => (document ??= JSON.stringify(openApiDocument(contract, offered))));
  page('/asyncapi.json', JSON_TYPE, () => (events ??= JSON.stringify(asyncApiDocument(contract))));
  for (const [url, name] of FILES) page(url, TYPES[extname(name)]!, () => asset(name));
  page('/problems', 'text/html; charset=utf-8', () => problemsPage());
  server.get<{ Params: { code: string } }>('/problems/:code', ({ params }, reply) =>
    reply.headers(pageHeaders).type('text/html; charset=utf-8').send(problemsPage(params.code)),
  );
  addSchemaPages(server, contract);
};

const addSchemaPages = (server: FastifyInstance, { events }: Contract): void => {
  const addresses = [...events.keys()].sort().map((type) => `/schemas/${type}.json`);
  server.get('/schemas', (_request, reply) => reply.headers(pageHeaders).send({ events: addresses }));
  server.get<{ Params: { file: string } }>('/schemas/:file', ({ params }, reply) => {
    const type = params.file.replace(/\.json$/, '');
    const message = events.get(type);
    if (!message)
      throw new DomainError('not-found', 'unknown-event-type', 'There is no such type of event. See /schemas.');
    return reply
      .headers(pageHeaders)
      .type('application/schema+json')
      .send(JSON.stringify(eventSchema(type, message)));
  });
};

const assets = new Map<string, string>();

const asset = (name: string): string => {
  let text = assets.get(name);
  if (text === undefined) assets.set(name, (text = readFileSync(join(ASSETS, name), 'utf8')));
  return text;
};
