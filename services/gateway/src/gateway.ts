import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Attempts } from '@rapport/access';
import { Outgoing } from '@rapport/outgoing';
import type { FastifyInstance } from 'fastify';
import { Credentials } from './access/credentials.js';
import { ensureAdministrator, type FirstSignIn } from './access/first-sign-in.js';
import { ViewAs } from './access/view-as.js';
import { IdentityDoor } from './access/identity-door.js';
import { TenantRegions } from './access/tenant-regions.js';
import { inviteFirst } from './access/invite-first.js';
import { OncePerMinute } from './audit/once-per-minute.js';
import { DoorNotes } from './audit/door-notes.js';
import { Destinations } from './contexts/destinations.js';
import type { Contract } from './contract/contract.js';
import { offeredBindings } from './contract/offered-bindings.js';
import { OpenStreams } from './events/open-streams.js';
import { checkedConfig, type GatewayConfig } from './gateway-config.js';
import type { GatewayOptions } from './gateway-options.js';
import { CONFIG, CONTRACT, GatewayModule } from './gateway.module.js';
import { addContractRoutes } from './http/contract-routes.js';
import { addHealthRoutes, Intake } from './http/health-routes.js';
import { listenProblem } from './http/listen-problem.js';
import { NotFound } from './http/not-found.js';
import { ProblemSender } from './http/send-problem.js';
import { createServer } from './http/server.js';
import type { Door } from './http/door.js';
import { PublicAddress } from './http/public-address.js';
import { SessionCookie } from './http/session-cookie.js';
import { addFormRoutes } from './http/form-routes.js';
import { addConsentRoutes } from './http/consent-routes.js';
import { addProviderRoutes } from './http/provider-routes.js';
import { addReceiptRoutes } from './http/receipt-routes.js';
import { addScimRoutes } from './http/scim-routes.js';
import { addSessionRoutes } from './http/session-routes.js';
import { SignIn } from './http/sign-in.js';
import { SilentConnections } from './http/silent-connections.js';
import { openApiDocument } from './openapi/document.js';
import { addPages } from './openapi/pages.js';
import { addTenantDocument } from './openapi/tenant-document.js';
import { NOTIFICATIONS, NotificationsService } from './notifications/notifications-service.js';
import { ProviderClient } from './oidc/provider-client.js';
import { RateLimit } from './rate-limit/rate-limit.js';
import { AnswerSender } from './transcoding/answer.js';

/** The open door. */
export interface Gateway {
  /** `http://127.0.0.1:8080` */
  readonly address: string;
  /** Only at the very first start. */
  readonly firstSignIn?: FirstSignIn;
  /** Every one that is served, as the router has it: `GET /v1/contacts/:id`. */
  readonly routes: readonly string[];
  /** Readiness off, no new requests, those under way finished, streams ended. */
  close(): Promise<void>;
}

/** Opens the only public door: resolves once it listens. The contexts stay the caller's to close. */
export const createGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const config = checkedConfig(options.config);
  const module = GatewayModule.of({ ...options, config });
  const parts = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  const identity = parts.get<IdentityDoor | null>(IdentityDoor);
  const administrator = { tenant: config.tenant, secret: config.adminToken };
  const firstSignIn = identity ? await ensureAdministrator(identity, administrator, options.logger) : undefined;
  const server = createServer(config, parts.get(ProblemSender), parts.get(NotFound));
  const silent = new SilentConnections(server.server);
  const close = (): Promise<void> => closed(server, silent, parts, options.drainMilliseconds);
  const routes: string[] = [];
  server.addHook('onRoute', ({ method, url }) => void routes.push(`${[method].flat().join()} ${url}`));
  addRoutes(server, parts, options);
  try {
    const address = await server.listen({ port: config.port, host: config.host });
    parts.get(PublicAddress).listensAt(address);
    const link = firstSignIn?.generated ? await firstLink(options, parts, config) : undefined;
    return {
      address,
      routes,
      ...(firstSignIn ? { firstSignIn: { ...firstSignIn, ...(link && { link }) } } : {}),
      close,
    };
  } catch (failure) {
    await close();
    throw listenProblem(failure, config);
  }
};

const addRoutes = (server: FastifyInstance, parts: INestApplicationContext, options: GatewayOptions): void => {
  const contract = parts.get<Contract>(CONTRACT);
  const destinations = parts.get(Destinations);
  addHealthRoutes(server, options, parts.get(Intake));
  const identity = parts.get<IdentityDoor | null>(IdentityDoor);
  const [door, notFound] = [doorOf(parts), parts.get(NotFound)];
  if (identity) {
    const config = parts.get<GatewayConfig>(CONFIG);
    const { tenant } = config;
    const attempts = new Attempts(options.ticks);
    const [cookie, regions] = [parts.get(SessionCookie), parts.get(TenantRegions)];
    const heldBack = new OncePerMinute(options.ticks);
    addSessionRoutes(server, { identity, attempts, heldBack, cookie, regions, door, notFound, tenant });
    const client = new ProviderClient(new Outgoing(config.privateAddresses));
    const address = parts.get(PublicAddress);
    addProviderRoutes(server, { identity, attempts, address, cookie, regions, client, door, tenant });
    const contacts = options.contexts.find(({ name }) => name === 'contacts')?.backend;
    if (contacts) {
      addConsentRoutes(server, { contacts, attempts, regions, door });
      addFormRoutes(server, { contacts, attempts, regions, door });
      const document = (): object => openApiDocument(contract, offeredBindings(contract, destinations));
      addTenantDocument(server, { contacts, document, door, notFound });
    }
    addReceiptRoutes(server, identity, door);
    addScimRoutes(server, { identity, address: parts.get(PublicAddress), door });
  }
  const notifications = parts.get<NotificationsService | null>(NotificationsService);
  addPages(server, contract, offeredBindings(contract, destinations));
  addContractRoutes(server, {
    contract,
    destinations,
    sourcesOf: (service) => (service === NOTIFICATIONS && notifications ? [notifications.source] : options.contexts),
    config: parts.get<GatewayConfig>(CONFIG),
    rateLimit: parts.get(RateLimit),
    streams: parts.get(OpenStreams),
    door,
    notFound,
  });
};

const doorOf = (parts: INestApplicationContext): Door => ({
  answers: parts.get(AnswerSender),
  problems: parts.get(ProblemSender),
  signIn: parts.get(SignIn),
  notes: parts.get(DoorNotes),
  viewAs: new ViewAs(parts.get(Credentials), parts.get(DoorNotes)),
});

/** Where the first administrator chooses a password. Without identity there is the token alone. */
const firstLink = async (
  { logger }: GatewayOptions,
  parts: INestApplicationContext,
  { tenant }: GatewayConfig,
): Promise<string | undefined> => {
  const identity = parts.get<IdentityDoor | null>(IdentityDoor);
  try {
    return identity ? await inviteFirst(identity, tenant) : undefined;
  } catch (error) {
    logger?.warn('No link for the first administrator could be made; invite a user with the token', {}, error);
    return undefined;
  }
};

const closed = async (
  server: FastifyInstance,
  silent: SilentConnections,
  parts: INestApplicationContext,
  drainMilliseconds: number | undefined,
): Promise<void> => {
  parts.get(Intake).close();
  parts.get(OpenStreams).close();
  await closedServer(server, silent, drainMilliseconds);
  parts.get(Credentials).close();
  await parts.close();
};

const SWEEP_MILLISECONDS = 20;

/** Requests under way may take so long once the gateway stops; then their connections are ended. */
const DRAIN_MILLISECONDS = 10_000;

/** Connections that were busy when closing began are kept alive by their clients: each is ended once it has its answer. */
const closedServer = async (
  server: FastifyInstance,
  silent: SilentConnections,
  drainMilliseconds = DRAIN_MILLISECONDS,
): Promise<void> => {
  const enough = setTimeout(() => server.server.closeAllConnections(), drainMilliseconds);
  const sweep = setInterval(() => {
    server.server.closeIdleConnections();
    silent.end();
  }, SWEEP_MILLISECONDS);
  await server.close().finally(() => {
    clearInterval(sweep);
    clearTimeout(enough);
  });
};
