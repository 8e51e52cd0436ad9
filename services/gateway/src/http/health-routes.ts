import type { FastifyInstance } from 'fastify';
import type { ReadinessReport } from '@rapport/service-kit';
import type { GatewayOptions } from '../gateway-options.js';
import { securityHeaders } from './security-headers.js';

/** Whether the gateway itself takes requests. */
export class Intake {
  #open = true;

  get isOpen(): boolean {
    return this.#open;
  }

  close(): void {
    this.#open = false;
  }
}

/** What an orchestrator and a monitoring system ask, without a token. */
export const addHealthRoutes = (server: FastifyInstance, options: GatewayOptions, intake: Intake): void => {
  server.get('/healthz', (_request, reply) => reply.headers(securityHeaders).send({ alive: true }));
  server.get('/readyz', async (_request, reply) => {
    const report = await readinessOf(options, intake);
    return reply
      .code(report.ready ? 200 : 503)
      .headers(securityHeaders)
      .send(report);
  });
  const { metrics } = options;
  if (!metrics) return;
  server.get('/metrics', (request, reply) => {
    reply.hijack();
    metrics(request.raw, reply.raw);
  });
};

const readinessOf = async ({ readiness }: GatewayOptions, intake: Intake): Promise<ReadinessReport> => {
  const rest = (await readiness?.()) ?? { ready: true, parts: [] };
  const gateway = intake.isOpen
    ? { name: 'gateway', ready: true }
    : { name: 'gateway', ready: false, detail: 'It is stopping.' };
  return { ready: rest.ready && intake.isOpen, parts: [gateway, ...rest.parts] };
};
