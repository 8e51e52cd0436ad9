import { type DynamicModule, type FactoryProvider, Module, type Provider, type ValueProvider } from '@nestjs/common';
import { type Clock, systemClock } from '@rapport/kernel';
import { type Logger, silentLogger } from '@rapport/observability';
import { contractRegistry, InProcessBackend } from '@rapport/service-kit';
import { AccessService } from './access/access-service.js';
import { TenantRegions } from './access/tenant-regions.js';
import { DoorNotes } from './audit/door-notes.js';
import { Credentials, CREDENTIALS } from './access/credentials.js';
import { IdentityDoor } from './access/identity-door.js';
import { Destinations } from './contexts/destinations.js';
import { readContract } from './contract/contract.js';
import { EventsService } from './events/events-service.js';
import { OpenStreams } from './events/open-streams.js';
import { defaultGatewayConfig, type GatewayConfig } from './gateway-config.js';
import type { GatewayOptions } from './gateway-options.js';
import { Intake } from './http/health-routes.js';
import { NotFound } from './http/not-found.js';
import { ProblemSender } from './http/send-problem.js';
import { PublicAddress } from './http/public-address.js';
import { SessionCookie } from './http/session-cookie.js';
import { SignIn } from './http/sign-in.js';
import { NOTIFICATIONS, NotificationsService } from './notifications/notifications-service.js';
import { RecordSight } from './notifications/record-sight.js';
import { PeopleService } from './people/people-service.js';
import { RateLimit } from './rate-limit/rate-limit.js';
import { SearchService } from './search/search-service.js';
import { AnswerSender } from './transcoding/answer.js';
import { ARCHIVES, WorkspaceArchives } from './workspace/workspace-archives.js';

/** Provided under these names because they are no classes. */
export const CONTRACT = Symbol('contract');
export const CONFIG = Symbol('config');

const value = (provide: symbol, useValue: unknown): ValueProvider => ({ provide, useValue });

const made = (provide: FactoryProvider['provide'], inject: unknown[], useFactory: (...parts: never[]) => unknown) =>
  ({ provide, inject, useFactory }) as FactoryProvider;

/** The gateway's table of contents. Its routes come from the contract, see `http/contract-routes.ts`. */
@Module({})
export class GatewayModule {
  static of(options: GatewayOptions): DynamicModule {
    const { contexts, logger = silentLogger } = options;
    return {
      module: GatewayModule,
      providers: [
        ...whoComes(options),
        value(CONFIG, { ...defaultGatewayConfig, ...options.config }),
        made(CONTRACT, [], () => readContract(contractRegistry)),
        made(
          RateLimit,
          [CONFIG],
          ({ rateLimit: token, tenantRateLimit: tenant }: GatewayConfig) =>
            new RateLimit({ token, tenant }, options.ticks),
        ),
        made(AnswerSender, [RateLimit], (limit: RateLimit) => new AnswerSender(limit)),
        made(ProblemSender, [], () => new ProblemSender(logger)),
        made(NotFound, [ProblemSender], (problems: ProblemSender) => new NotFound(problems)),
        made(OpenStreams, [CONFIG], (config: GatewayConfig) => openStreams(config, logger)),
        made(NotificationsService, [], () => {
          const identity = identityIn(contexts);
          return identity ? new NotificationsService(identity, new RecordSight(contexts)) : null;
        }),
        made(
          Destinations,
          [AccessService, IdentityDoor, NotificationsService],
          (access: AccessService, identity: IdentityDoor | null, notifications: NotificationsService | null) =>
            destinationsOf(contexts, { access, identity, notifications, clock: options.clock ?? systemClock }),
        ),
        made(DoorNotes, [], () => new DoorNotes(identityIn(contexts), logger, options.ticks)),
        Intake,
      ],
    };
  }
}

/** By a key, or by the cookie of a session. */
const whoComes = ({ clock = systemClock, contexts, ticks }: GatewayOptions): Provider[] => [
  made(PublicAddress, [CONFIG], ({ publicUrl }: GatewayConfig) => new PublicAddress(publicUrl)),
  made(SessionCookie, [PublicAddress], (address: PublicAddress) => new SessionCookie(address)),
  made(Credentials, [], () => new Credentials(identityIn(contexts), clock, ticks)),
  made(
    IdentityDoor,
    [Credentials, PublicAddress, TenantRegions],
    (credentials: Credentials, address: PublicAddress, regions: TenantRegions) => {
      const identity = identityIn(contexts);
      return identity ? new IdentityDoor(identity, address, regions, () => credentials.forget()) : null;
    },
  ),
  made(
    SignIn,
    [Credentials, RateLimit, SessionCookie, TenantRegions],
    (credentials: Credentials, limit: RateLimit, cookie: SessionCookie, regions: TenantRegions) =>
      new SignIn(credentials, limit, cookie, { clock, regions }),
  ),
  made(TenantRegions, [CONFIG], ({ regions: { here, pinned } }: GatewayConfig) => new TenantRegions(here, pinned)),
  made(AccessService, [Credentials], (credentials: Credentials) => new AccessService(credentials, contexts)),
];

const openStreams = (config: GatewayConfig, logger: Logger): OpenStreams => {
  const { streamLimit: all, tenantStreamLimit: tenant, tokenStreamLimit: token, heartbeatSeconds } = config;
  return new OpenStreams({ all, tenant, token }, heartbeatSeconds, logger);
};

interface OwnParts {
  readonly access: AccessService;
  readonly identity: IdentityDoor | null;
  readonly notifications: NotificationsService | null;
  readonly clock: Clock;
}

/** The contexts answer most methods, and the gateway itself those of six services. */
const destinationsOf = (
  contexts: GatewayOptions['contexts'],
  { access, identity, notifications, clock }: OwnParts,
): Destinations => {
  const behind = identityIn(contexts);
  const reached = contexts.map((context) =>
    identity && context.backend === behind ? { ...context, backend: identity } : context,
  );
  const own = new InProcessBackend(
    new Map<string, object>([
      ['rapport.access.v1.AccessService', access],
      ['rapport.events.v1.EventsService', new EventsService(contexts)],
      ['rapport.privacy.v1.PeopleService', new PeopleService(contexts, clock)],
      ['rapport.search.v1.SearchService', new SearchService(contexts)],
      [ARCHIVES, new WorkspaceArchives(contexts)],
      ...(notifications ? [[NOTIFICATIONS, notifications] as const] : []),
    ]),
  );
  return new Destinations(own, reached);
};

/** The context that knows who comes with a key. */
const identityIn = (contexts: GatewayOptions['contexts']) =>
  contexts.find(({ backend }) => backend.services.has(CREDENTIALS))?.backend;
