import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import { accessV1, auditV1, eventsV1, operationsV1, privacyV1, searchV1, workspaceV1 } from '@rapport/contracts';
import { RemainingEventStore } from '@rapport/privacy';
import { AuditApi } from '../audit/audit.api.js';
import { checkErasures } from '../erasure/check-erasures.js';
import { RunCommandHandler } from '../commands/run-command.handler.js';
import type { Engines } from '../engines.js';
import { OperationsApi } from './operations.api.js';
import { checkPurposes } from '../people/check-purposes.js';
import { SearchApi } from '../search/search.api.js';
import { RetentionApi } from '../retention/retention.api.js';
import { PeopleApi } from '../people/people.api.js';
import { SightApi } from './sight.api.js';
import { WorkspaceApi } from '../workspace/workspace.api.js';
import type { ServiceDefinition } from './service-definition.js';
import { ServiceRuntime } from './service-runtime.js';
import { CLOCK, CONTEXT_NAME, ENGINES, EVENTS, HANDLERS, PERSONAL, RUNTIME, SERVED, CALENDAR } from './tokens.js';

/** What the kit itself answers in every context: what operators and auditors ask, and the context's part of the feed. */
const AUDIT = auditV1.AuditServiceDefinition.fullName;
const OPERATIONS = operationsV1.OperationsServiceDefinition.fullName;
const PEOPLE = privacyV1.ContextPeopleServiceDefinition.fullName;
const RETENTION = privacyV1.RetentionServiceDefinition.fullName;
const WORKSPACE = workspaceV1.WorkspaceExportsServiceDefinition.fullName;
const SEARCH = searchV1.ContextSearchServiceDefinition.fullName;
const SIGHT = accessV1.SightServiceDefinition.fullName;
const FEED = eventsV1.ContextEventsServiceDefinition.fullName;

/** What is left of a deleted workspace. */
const TELL_OF_DELETIONS = ['deletion'];

/** What a service answers beside its records: full service name of the contract → a class, or the token of a provider. */
export type HandlerTokens = Readonly<Record<string, Type<object> | symbol>>;

@Module({})
class ServiceModule {}

/**
 * Puts a context together: its definition, its API, its engines.
 * @throws Error when it keeps something about people and would not forget them, or does not say what for
 */
export const serviceModule = (
  definition: ServiceDefinition,
  given: Engines,
  parts: { readonly handlers: HandlerTokens; readonly providers: readonly Provider[] },
): DynamicModule => {
  const engines = { ...given, events: new RemainingEventStore(given.events, given.keys, TELL_OF_DELETIONS) };
  checkErasures(definition);
  checkPurposes(definition);
  const ofRecords = definition.records.map(({ record, handlers }) => [record.service, handlers] as const);
  const handlers: HandlerTokens = { ...Object.fromEntries(ofRecords), ...parts.handlers };
  const tokens = Object.values(handlers);
  const classes = tokens.filter((token) => typeof token === 'function');
  return {
    module: ServiceModule,
    imports: [CqrsModule.forRoot()],
    providers: [
      { provide: ENGINES, useValue: engines },
      { provide: RUNTIME, useFactory: runtimeOf(definition, engines), inject: [ModuleRef] },
      { provide: EVENTS, useFactory: (runtime: ServiceRuntime) => runtime.events, inject: [RUNTIME] },
      { provide: CLOCK, useValue: engines.clock },
      { provide: CALENDAR, useFactory: (runtime: ServiceRuntime) => runtime.tenants.calendar, inject: [RUNTIME] },
      { provide: PERSONAL, useValue: definition.personal },
      { provide: CONTEXT_NAME, useValue: definition.context },
      { provide: SERVED, useValue: servedIn(definition, handlers) },
      RunCommandHandler,
      ...parts.providers,
      ...definition.records.flatMap(({ providers }) => providers),
      ...classes,
      { provide: HANDLERS, useFactory: handlersOf(handlers), inject: [RUNTIME, CommandBus, ...tokens] },
    ],
  };
};

const servedIn = ({ audited }: ServiceDefinition, handlers: HandlerTokens): readonly string[] => [
  ...Object.keys(handlers),
  ...(audited ? [AUDIT] : []),
  ...[OPERATIONS, PEOPLE, RETENTION, SEARCH, SIGHT, WORKSPACE, FEED],
];

const runtimeOf = (definition: ServiceDefinition, engines: Engines) => (nest: ModuleRef) =>
  new ServiceRuntime(definition, engines, (token) => nest.get(token, { strict: false }));

const handlersOf =
  (tokens: HandlerTokens) =>
  (runtime: ServiceRuntime, commands: CommandBus, ...instances: object[]): ReadonlyMap<string, object> => {
    const handlers = new Map(Object.keys(tokens).map((name, index) => [name, instances[index]!]));
    const { auditChain } = runtime;
    if (auditChain) handlers.set(AUDIT, new AuditApi(runtime, auditChain, commands));
    handlers.set(RETENTION, new RetentionApi(runtime)).set(WORKSPACE, new WorkspaceApi(runtime));
    handlers.set(PEOPLE, new PeopleApi(runtime)).set(SIGHT, new SightApi(runtime));
    handlers.set(SEARCH, new SearchApi(runtime, commands));
    return handlers.set(OPERATIONS, new OperationsApi(runtime)).set(FEED, runtime.feed);
  };
