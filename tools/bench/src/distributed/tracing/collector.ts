import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type Span, spansIn, type TracesRequest } from './span.js';

/** Takes traces by OTLP over HTTP, as JSON, and keeps them; metrics it takes and forgets. */
export class Collector implements AsyncDisposable {
  readonly #spans: Span[] = [];

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Collector> {
    const server = createServer();
    const collector = new Collector(server);
    server.on('request', (request: IncomingMessage, response) => {
      collector.#take(request).then(
        () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
        () => response.writeHead(400).end(),
      );
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return collector;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Everything since the last time, and forgets it. */
  drain(): readonly Span[] {
    return this.#spans.splice(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  async #take(request: IncomingMessage): Promise<void> {
    const body = await json(request);
    if (request.url === '/v1/traces') this.#spans.push(...spansIn(body as TracesRequest));
  }
}
