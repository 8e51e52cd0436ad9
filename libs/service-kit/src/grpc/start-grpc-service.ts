import type { DynamicModule, INestMicroservice, ValueProvider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { Engines } from '../engines.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { ENGINES, RUNTIME, SERVED } from '../service/tokens.js';
import { CallIntake } from './call-intake.js';
import { contractController } from './contract-controller.js';
import { type ContractService, contractServices } from './contract-services.js';
import { GrpcTransport, type ListenOptions } from './grpc-transport.js';
import type { PrincipalVerifier } from './signed-principal.js';

export interface GrpcServiceOptions extends ListenOptions {
  readonly verifier: PrincipalVerifier;
  /** How long calls under way may take when the service stops. Default 10 s. */
  readonly drainMilliseconds?: number;
}

export interface RunningGrpcService {
  readonly port: number;
  readonly runtime: ServiceRuntime;
  readonly nest: INestMicroservice;
  /** Lets calls under way finish, then stops followers after the batch in hand. The engines stay open. */
  close(): Promise<void>;
}

/** Starts a service whose calls come by gRPC; resolves once it takes them. */
export const startGrpcService = async (
  module: DynamicModule,
  options: GrpcServiceOptions,
): Promise<RunningGrpcService> => {
  const services = servedBy(module);
  const intake = new CallIntake(options.verifier, provided<Engines>(module, ENGINES).logger);
  const transport = new GrpcTransport(services, options);
  const nest = await NestFactory.createMicroservice<MicroserviceOptions>(withControllers(module, services, intake), {
    strategy: transport,
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  await nest.listen();
  const close = async (): Promise<void> => {
    intake.stopWaiting();
    await transport.drain(options.drainMilliseconds ?? 10_000);
    await nest.close();
  };
  return { port: transport.port, runtime: nest.get<ServiceRuntime>(RUNTIME), nest, close };
};

const withControllers = (
  module: DynamicModule,
  services: readonly ContractService[],
  intake: CallIntake,
): DynamicModule => ({
  ...module,
  controllers: services.map(contractController),
  providers: [...(module.providers ?? []), { provide: CallIntake, useValue: intake }],
});

const servedBy = (module: DynamicModule): readonly ContractService[] =>
  provided<readonly string[]>(module, SERVED).map((name) => contractServices.get(name)!);

/** A value that the service's module was put together with. */
const provided = <T>({ providers = [] }: DynamicModule, token: symbol): T =>
  (providers.find((provider) => 'provide' in provider && provider.provide === token) as ValueProvider<T>).useValue;
