import type { DynamicModule } from '@nestjs/common';
import { contactsModule, contactsService } from '@rapport/contacts';
import { type ContextName, contextNames } from '@rapport/contexts';
import { salesModule, salesService } from '@rapport/sales';
import type { Engines, ServiceDefinition } from '@rapport/service-kit';
import { identityModule, identityService } from '@rapport/identity';

/** A context's code. */
export interface ContextModule {
  readonly service: ServiceDefinition;
  readonly module: (engines: Engines) => DynamicModule;
}

/** The code of every context of the list: one left out does not compile. */
export const contextModules: Readonly<Record<ContextName, ContextModule>> = {
  identity: { service: identityService, module: identityModule },
  contacts: { service: contactsService, module: contactsModule },
  sales: { service: salesService, module: salesModule },
};

export const serviceDefinitions: readonly ServiceDefinition[] = contextNames.map(
  (name) => contextModules[name].service,
);
