import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { DomainError } from '@rapport/kernel';
import type { Telemetry } from '@rapport/observability';
import type { ReadinessReport } from '@rapport/service-kit';

export interface HealthServerOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly readiness: () => Promise<ReadinessReport>;
  readonly metrics: Telemetry['metrics'];
}

/** What an orchestrator and a monitoring system ask of a process without a public door. */
export class HealthServer {
  private constructor(private readonly server: Server) {}

  static async open(options: HealthServerOptions): Promise<HealthServer> {
    const { host, port } = options;
    const server = createServer((request, response) => void answer(request, response, options));
    try {
      server.listen(port, host);
      await once(server, 'listening');
    } catch (cause) {
      const message = `Cannot listen on ${host}:${port}: ${(cause as Error).message}. Free the port, or set RAPPORT_HEALTH_PORT.`;
      throw new DomainError('unavailable', 'cannot-listen', message, { cause });
    }
    return new HealthServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
  }
}

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  { readiness, metrics }: HealthServerOptions,
): Promise<void> => {
  switch (request.url?.split('?')[0]) {
    case '/healthz':
      return send(response, 200, { alive: true });
    case '/readyz': {
      const report = await readiness();
      return send(response, report.ready ? 200 : 503, report);
    }
    case '/metrics':
      return metrics(request, response);
    default:
      return send(response, 404, { detail: 'There are /healthz, /readyz and /metrics.' });
  }
};

const send = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
};
