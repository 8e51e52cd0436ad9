import { Server, ServerCredentials } from '@grpc/grpc-js';
import { type GrpcOptions, ServerGrpc } from '@nestjs/microservices';
import { DomainError } from '@rapport/kernel';
import { serverOptions } from './channel-options.js';
import type { ContractService } from './contract-services.js';
import { serviceDefinition } from './method-definitions.js';

export interface ListenOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
}

/** Nest's gRPC server, which tells the port it got and lets calls under way finish, for as long as it is told. */
export class GrpcTransport extends ServerGrpc {
  /** Known once it listens. */
  port = 0;
  #server: Server | undefined;

  constructor(
    services: readonly ContractService[],
    private readonly where: ListenOptions,
  ) {
    super(optionsFor(services));
  }

  override async createClient(): Promise<Server> {
    const { host, port } = this.where;
    const server = new Server(serverOptions);
    this.#server = server;
    this.port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (failure, bound) =>
        failure ? reject(cannotListen(this.where, failure)) : resolve(bound),
      );
    });
    return server;
  }

  /** No new calls; those under way have so much time, then they are cut off. */
  async drain(withinMilliseconds: number): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const cut = setTimeout(() => server.forceShutdown(), withinMilliseconds);
    await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
    clearTimeout(cut);
  }
}

const optionsFor = (services: readonly ContractService[]): GrpcOptions['options'] => ({
  // The names of the services are whole.
  package: '',
  packageDefinition: Object.fromEntries(services.map((service) => [service.fullName, serviceDefinition(service)])),
  // Nest loads a loader of .proto files even where there are none to load; this package is here anyway.
  protoLoader: '@grpc/grpc-js',
});

const cannotListen = ({ host, port }: ListenOptions, cause: Error): DomainError =>
  new DomainError(
    'unavailable',
    'cannot-listen',
    `Cannot listen on ${host}:${port}: ${cause.message}. Free the port, or set RAPPORT_PORT to another one.`,
    { cause },
  );
