import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import type { DomainEvent, RecordStatus } from '@rapport/kernel';
import { RunCommandHandler } from '../commands/run-command.handler.js';
import type { Engines } from '../engines.js';
import { Records, type RecordKind } from '../records/records.js';
import type { RecordDocument } from '../records/record-document.js';
import type { ServiceDefinition } from './service-definition.js';
import { ServiceRuntime } from './service-runtime.js';
import { CLOCK, CONTEXT_NAME, ENGINES, EVENTS, HANDLERS, RUNTIME } from './tokens.js';

/** A service's API: full service name of the contract → the class that answers its calls. */
export type HandlerClasses = Readonly<Record<string, Type<object>>>;

@Module({})
class ServiceModule {}

/** Puts a context together: its definition, its API, its engines. */
export const serviceModule = (
  definition: ServiceDefinition,
  engines: Engines,
  parts: { readonly handlers: HandlerClasses; readonly providers: readonly Provider[] },
): DynamicModule => {
  const classes = Object.values(parts.handlers);
  return {
    module: ServiceModule,
    imports: [CqrsModule.forRoot()],
    providers: [
      { provide: ENGINES, useValue: engines },
      { provide: RUNTIME, useFactory: () => new ServiceRuntime(definition, engines) },
      { provide: EVENTS, useFactory: (runtime: ServiceRuntime) => runtime.events, inject: [RUNTIME] },
      { provide: CLOCK, useValue: engines.clock },
      { provide: CONTEXT_NAME, useValue: definition.context },
      RunCommandHandler,
      ...parts.providers,
      ...classes,
      { provide: HANDLERS, useFactory: handlersOf(parts.handlers), inject: [RUNTIME, ...classes] },
    ],
  };
};

const handlersOf =
  (classes: HandlerClasses) =>
  (runtime: ServiceRuntime, ...instances: object[]): ReadonlyMap<string, object> => {
    const handlers = new Map(Object.keys(classes).map((name, index) => [name, instances[index]!]));
    return handlers.set('rapport.events.v1.ContextEventsService', runtime.feed);
  };

/** Provides the {@link Records} of one kind, on top of the projection that lists them. */
export const provideRecords = <
  State extends (RecordStatus & object) | null,
  E extends DomainEvent,
  Fields extends object,
  Message,
>(
  token: symbol,
  kind: RecordKind<State, E, Fields, Message>,
  projection: string,
): Provider => ({
  provide: token,
  inject: [CommandBus, RUNTIME],
  useFactory: (commands: CommandBus, runtime: ServiceRuntime) => {
    const list = runtime.projection<RecordDocument<State>>(projection);
    return new Records(kind, { commands, events: runtime.events, list, context: runtime.definition.context });
  },
});
