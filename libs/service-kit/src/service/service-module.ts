import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import { eventsV1, operationsV1 } from '@rapport/contracts';
import type { DomainEvent, RecordStatus } from '@rapport/kernel';
import type { Documents } from '@rapport/read-models';
import { RunCommandHandler } from '../commands/run-command.handler.js';
import type { Engines } from '../engines.js';
import { Records, type RecordKind } from '../records/records.js';
import type { RecordDocument } from '../records/record-document.js';
import { OperationsApi } from './operations.api.js';
import type { ServiceDefinition } from './service-definition.js';
import { ServiceRuntime } from './service-runtime.js';
import { CLOCK, CONTEXT_NAME, ENGINES, EVENTS, HANDLERS, PERSONAL, RUNTIME, SERVED } from './tokens.js';

/** What the kit itself answers in every context: what operators ask, and the context's part of the feed. */
const OPERATIONS = operationsV1.OperationsServiceDefinition.fullName;
const FEED = eventsV1.ContextEventsServiceDefinition.fullName;

/** A service's API: full service name of the contract → what answers its calls, a class or the token of a provider. */
export type HandlerTokens = Readonly<Record<string, Type<object> | symbol>>;

@Module({})
class ServiceModule {}

/** Puts a context together: its definition, its API, its engines. */
export const serviceModule = (
  definition: ServiceDefinition,
  engines: Engines,
  parts: { readonly handlers: HandlerTokens; readonly providers: readonly Provider[] },
): DynamicModule => {
  const tokens = Object.values(parts.handlers);
  const classes = tokens.filter((token) => typeof token === 'function');
  return {
    module: ServiceModule,
    imports: [CqrsModule.forRoot()],
    providers: [
      { provide: ENGINES, useValue: engines },
      { provide: RUNTIME, useFactory: runtimeOf(definition, engines), inject: [ModuleRef] },
      { provide: EVENTS, useFactory: (runtime: ServiceRuntime) => runtime.events, inject: [RUNTIME] },
      { provide: CLOCK, useValue: engines.clock },
      { provide: PERSONAL, useValue: definition.personal },
      { provide: CONTEXT_NAME, useValue: definition.context },
      { provide: SERVED, useValue: [...Object.keys(parts.handlers), OPERATIONS, FEED] },
      RunCommandHandler,
      ...parts.providers,
      ...classes,
      { provide: HANDLERS, useFactory: handlersOf(parts.handlers), inject: [RUNTIME, ...tokens] },
    ],
  };
};

const runtimeOf = (definition: ServiceDefinition, engines: Engines) => (nest: ModuleRef) =>
  new ServiceRuntime(definition, engines, (token) => nest.get(token, { strict: false }));

const handlersOf =
  (tokens: HandlerTokens) =>
  (runtime: ServiceRuntime, ...instances: object[]): ReadonlyMap<string, object> => {
    const handlers = new Map(Object.keys(tokens).map((name, index) => [name, instances[index]!]));
    return handlers.set(OPERATIONS, new OperationsApi(runtime)).set(FEED, runtime.feed);
  };

/**
 * Provides the {@link Records} of one kind, on top of the projection that lists them. `read` gives what is read of it where
 * that is not its documents as they are stored.
 */
export const provideRecords = <
  State extends (RecordStatus & object) | null,
  E extends DomainEvent,
  Fields extends object,
  Message,
>(
  token: symbol,
  kind: RecordKind<State, E, Fields, Message>,
  projection: string,
  read?: (runtime: ServiceRuntime) => Documents<RecordDocument<State>>,
): Provider => ({
  provide: token,
  inject: [CommandBus, RUNTIME],
  useFactory: (commands: CommandBus, runtime: ServiceRuntime) => {
    const list = runtime.projection<RecordDocument<State>>(projection);
    const documents = read ? { documents: read(runtime) } : {};
    const { context } = runtime.definition;
    return new Records(kind, { commands, events: runtime.events, list, context, ...documents });
  },
});
