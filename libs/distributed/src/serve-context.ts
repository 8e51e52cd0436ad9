import type { DynamicModule } from '@nestjs/common';
import type { Config } from '@rapport/config';
import { systemClock } from '@rapport/kernel';
import { PrincipalVerifier, publicKeyFrom, startGrpcService, startInProcess } from '@rapport/service-kit';
import { pemOf } from './given-text.js';
import { HealthServer } from './health-server.js';
import type { RunningProcess } from './running-process.js';
import type { serviceSettings } from './settings.js';

type ServiceConfig = Config<typeof serviceSettings>;

/** Opens /healthz, /readyz and /metrics. Alive from here on; ready when it takes calls. */
export const openHealth = async (
  running: RunningProcess,
  { host, healthPort }: ServiceConfig,
): Promise<HealthServer> => {
  const { metrics } = running.telemetry;
  const health = await HealthServer.open({ host, port: healthPort, readiness: () => running.readiness(), metrics });
  running.atEnd(() => health.close());
  return health;
};

/** Takes the gateway's calls, and its alone; follows, and takes none, where that is all it is for. */
export const serveContext = async (
  running: RunningProcess,
  module: DynamicModule,
  config: ServiceConfig,
  { port: healthPort }: HealthServer,
): Promise<void> => {
  if (config.followers === 'only') {
    const service = await startInProcess(module);
    running.atEnd(() => service.close());
    return running.logger.info('Follows', { healthPort });
  }
  const { port } = await takeCalls(running, module, config);
  running.logger.info('Takes calls', { port, healthPort });
};

const takeCalls = async (
  running: RunningProcess,
  module: DynamicModule,
  { host, port, publicKey, stopTimeout }: ServiceConfig,
): Promise<{ readonly port: number }> => {
  const variable = 'RAPPORT_PRINCIPAL_PUBLIC_KEY';
  const verifier = new PrincipalVerifier(publicKeyFrom(pemOf(publicKey, variable), variable), systemClock);
  const service = await startGrpcService(module, { host, port, verifier, drainMilliseconds: stopTimeout });
  running.atEnd(() => service.close());
  return service;
};
