import { NestFactory } from '@nestjs/core';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { InProcessBackend, type Backend } from '../handlers.js';
import type { ServiceRuntime } from './service-runtime.js';
import { HANDLERS, RUNTIME } from './tokens.js';

export interface RunningService {
  readonly backend: Backend;
  readonly runtime: ServiceRuntime;
  readonly nest: INestApplicationContext;
  /** Stops followers after the batch in hand. The engines stay open. */
  close(): Promise<void>;
}

/** Starts a service whose calls are function calls in this process. */
export const startInProcess = async (module: DynamicModule): Promise<RunningService> => {
  const nest = await NestFactory.createApplicationContext(module, { logger: ['error', 'warn'], abortOnError: false });
  const backend = new InProcessBackend(nest.get<ReadonlyMap<string, object>>(HANDLERS));
  return { backend, runtime: nest.get<ServiceRuntime>(RUNTIME), nest, close: () => nest.close() };
};
