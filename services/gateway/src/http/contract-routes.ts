import { optionsV1 } from '@rapport/contracts';
import type { FastifyInstance } from 'fastify';
import type { Destinations } from '../contexts/destinations.js';
import type { Contract, ContractMethod, HttpMethod } from '../contract/contract.js';
import { offeredBindings } from '../contract/offered-bindings.js';
import { routerPath } from '../contract/path-template.js';
import { streamHandler } from '../events/stream-handler.js';
import type { OpenStreams } from '../events/open-streams.js';
import { downloadHandler } from '../files/download-handler.js';
import { uploadHandler } from '../files/upload-handler.js';
import type { GatewayConfig } from '../gateway-config.js';
import type { Context } from '../gateway-options.js';
import type { RateLimit } from '../rate-limit/rate-limit.js';
import { Validation } from '@rapport/service-kit';
import { batchHandler } from '../transcoding/batch-handler.js';
import { jsonHandler } from '../transcoding/json-handler.js';
import { Transcoder } from '../transcoding/transcoder.js';
import type { Door, Handler } from './door.js';
import type { NotFound } from './not-found.js';
import { byVerb } from './verbs.js';

const { Transfer } = optionsV1;

export interface RouteParts {
  readonly contract: Contract;
  /** What the stream of a service is pulled from. */
  readonly sourcesOf: (service: string) => readonly Context[];
  /** A method that leads nowhere gets no routes. */
  readonly destinations: Destinations;
  readonly config: GatewayConfig;
  readonly rateLimit: RateLimit;
  readonly streams: OpenStreams;
  readonly door: Door;
  readonly notFound: NotFound;
}

/** Bindings that are one route to the router: same method, same path, other verbs. */
interface RouteGroup {
  readonly httpMethod: HttpMethod;
  readonly url: string;
  readonly upload: boolean;
  /** The variable at the end of the path, behind which a verb may stand. */
  readonly variable: string | undefined;
  readonly handlers: Map<string | undefined, Handler>;
}

/** Every method of the contract with an HTTP rule becomes a route; nobody writes one by hand. */
export const addContractRoutes = (server: FastifyInstance, parts: RouteParts): void => {
  const groups = routeGroups(parts);
  const add = (target: FastifyInstance, { httpMethod, url, variable, handlers }: RouteGroup): void => {
    const otherwise = parts.notFound.handler;
    const handler = variable === undefined ? handlers.values().next().value! : byVerb(variable, handlers, otherwise);
    target.route({ method: httpMethod, url, onRequest: parts.door.signIn.hook, handler });
  };
  for (const group of groups.filter(({ upload }) => !upload)) add(server, group);
  // Files pass through as they are, whatever they are.
  void server.register(async (files) => {
    files.removeAllContentTypeParsers();
    files.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    for (const group of groups.filter(({ upload }) => upload)) add(files, group);
  });
};

const routeGroups = (parts: RouteParts): readonly RouteGroup[] => {
  const groups = new Map<string, RouteGroup>();
  const validation = new Validation();
  for (const { method, binding, destination } of offeredBindings(parts.contract, parts.destinations)) {
    const { httpMethod, path } = binding;
    const url = routerPath(path);
    const upload = method.transfer === Transfer.TRANSFER_UPLOAD;
    const variable = path.segments.at(-1)?.variable;
    const key = `${httpMethod} ${url}`;
    const group = groups.get(key) ?? { httpMethod, url, upload, variable, handlers: new Map() };
    const transcoder = new Transcoder(method, binding, destination, validation);
    group.handlers.set(path.verb, calling(method, handlerOf(transcoder, validation, parts)));
    groups.set(key, group);
    parts.notFound.add(httpMethod, path);
  }
  return [...groups.values()];
};

const calling =
  ({ service, name }: ContractMethod, handler: Handler): Handler =>
  (request, reply) => {
    request.exchange.called = `${service}/${name}`;
    handler(request, reply);
  };

const handlerOf = (transcoder: Transcoder, validation: Validation, parts: RouteParts): Handler => {
  const { door, config, sourcesOf, streams, rateLimit } = parts;
  switch (transcoder.method.transfer) {
    case Transfer.TRANSFER_UPLOAD:
      return uploadHandler(transcoder, config.uploadLimit, door);
    case Transfer.TRANSFER_DOWNLOAD:
      return downloadHandler(transcoder, door);
    case Transfer.TRANSFER_SERVER_SENT_EVENTS:
      return streamHandler(transcoder, sourcesOf(transcoder.method.service), streams, door);
    case Transfer.TRANSFER_BATCH:
      return batchHandler(transcoder, validation, rateLimit, door);
    default:
      return jsonHandler(transcoder, door);
  }
};
