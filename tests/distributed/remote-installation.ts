import { generateKeyPairSync } from 'node:crypto';
import { addressVariable, type ContextName, contextNames } from '@rapport/contexts';
import { contextSettings, createGateway, type Gateway, RemoteContexts } from '@rapport/gateway';
import { parseConfig } from '@rapport/config';
import { systemClock } from '@rapport/kernel';
import { InMemoryMessageBus } from '@rapport/message-bus';
import { busExchange } from '@rapport/processing';
import { type Engines, PrincipalVerifier, type RunningGrpcService, startGrpcService } from '@rapport/service-kit';
import { contextModules } from '@rapport/standalone/contexts';
import { inMemoryEngines } from '@rapport/testing';

const ADMINISTRATOR = 'administrator-of-the-hop';

/** A gateway in front of every context, reached by gRPC; engines that forget everything. */
export interface RemoteInstallation {
  readonly gateway: Gateway;
  readonly token: string;
  readonly services: Readonly<Record<ContextName, RunningGrpcService>>;
  close(): Promise<void>;
}

/** @param address changes what the gateway is told to connect to, for something that stands in between */
export const openRemoteInstallation = async (
  given: Partial<Record<ContextName, Partial<Engines>>> = {},
  address = async (_context: string, port: number): Promise<string> => `127.0.0.1:${port}`,
): Promise<RemoteInstallation> => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const bus = new InMemoryMessageBus();
  const serve = async (name: ContextName): Promise<readonly [ContextName, RunningGrpcService]> => {
    const engines = await inMemoryEngines({ exchange: busExchange(bus), ...given[name] });
    const verifier = new PrincipalVerifier(publicKey, systemClock);
    const { module } = contextModules[name];
    return [name, await startGrpcService(module(engines), { host: '127.0.0.1', port: 0, verifier })];
  };
  const served = await Promise.all(contextNames.map(serve));
  const services = Object.fromEntries(served) as RemoteInstallation['services'];
  const addresses = served.map(async ([name, { port }]) => [addressVariable(name), await address(name, port)] as const);
  const { config } = parseConfig(contextSettings, {
    ...Object.fromEntries(await Promise.all(addresses)),
    RAPPORT_PRINCIPAL_PRIVATE_KEY: 'given below',
  });
  const contexts = new RemoteContexts(config, privateKey);
  const gateway = await createGateway({
    contexts: contexts.all,
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
