import { generateKeyPairSync } from 'node:crypto';
import { contactsModule } from '@rapport/contacts';
import { contextSettings, createGateway, type Gateway, RemoteContexts } from '@rapport/gateway';
import { InMemoryEventStore } from '@rapport/event-store';
import { parseConfig } from '@rapport/config';
import { systemClock } from '@rapport/kernel';
import { InMemoryMessageBus } from '@rapport/message-bus';
import { salesModule } from '@rapport/sales';
import { type Engines, PrincipalVerifier, type RunningGrpcService, startGrpcService } from '@rapport/service-kit';
import { inMemoryEngines } from '@rapport/testing';

const ADMINISTRATOR = 'administrator-of-the-hop';

/** A gateway in front of two contexts that it reaches by gRPC; engines that forget everything. */
export interface RemoteInstallation {
  readonly gateway: Gateway;
  readonly token: string;
  readonly services: Readonly<Record<'contacts' | 'sales', RunningGrpcService>>;
  close(): Promise<void>;
}

/** @param address changes what the gateway is told to connect to, for something that stands in between */
export const openRemoteInstallation = async (
  given: Partial<Record<'contacts' | 'sales', Partial<Engines>>> = {},
  address = async (_context: string, port: number): Promise<string> => `127.0.0.1:${port}`,
): Promise<RemoteInstallation> => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const bus = new InMemoryMessageBus();
  const serve = async (name: 'contacts' | 'sales', module: typeof contactsModule): Promise<RunningGrpcService> => {
    const engines = await inMemoryEngines({ bus, ...given[name] });
    const verifier = new PrincipalVerifier(publicKey, systemClock);
    return startGrpcService(module(engines), { host: '127.0.0.1', port: 0, verifier });
  };
  const services = { contacts: await serve('contacts', contactsModule), sales: await serve('sales', salesModule) };
  const { config } = parseConfig(contextSettings, {
    RAPPORT_CONTACTS_ADDRESS: await address('contacts', services.contacts.port),
    RAPPORT_SALES_ADDRESS: await address('sales', services.sales.port),
    RAPPORT_PRINCIPAL_PRIVATE_KEY: 'given below',
  });
  const contexts = new RemoteContexts(config, privateKey);
  const gateway = await createGateway({
    contexts: contexts.all,
    accessEvents: new InMemoryEventStore(),
    config: { port: 0, adminToken: ADMINISTRATOR, rateLimit: { quota: 0, windowSeconds: 10 } },
  });
  const close = async (): Promise<void> => {
    await gateway.close();
    contexts.close();
    await Promise.all(Object.values(services).map((service) => service.close()));
    await bus.close();
  };
  return { gateway, token: ADMINISTRATOR, services, close };
};
