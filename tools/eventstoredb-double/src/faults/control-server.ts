import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import type { Ending, Faults } from './faults.js';
import { fromJson, toJson } from './switches-json.js';

export interface ControlServer {
  readonly url: string;
  stop(): Promise<void>;
}

type Route = (faults: Faults, request: IncomingMessage) => Promise<unknown>;

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /faults': async (faults) => toJson(await faults.current()),
  'POST /faults': async (faults, request) => {
    await faults.set(fromJson(await json(request)));
    return toJson(await faults.current());
  },
  'DELETE /faults': (faults) => faults.reset(),
  'POST /subscriptions/drop': async (faults, request) => {
    const { ending } = (await json(request)) as { ending?: Ending };
    return { dropped: await faults.dropSubscriptions(ending) };
  },
};

/** The switches over HTTP, on loopback only: JSON in, JSON out. */
export const startControl = async (faults: Faults, port: number): Promise<ControlServer> => {
  const server = createServer((request, response) => {
    const route = ROUTES[`${request.method} ${request.url}`];
    const answered = route
      ? route(faults, request)
      : Promise.reject(new Error(`Use one of ${Object.keys(ROUTES).join(', ')}`));
    answered.then(
      (answer) => response.end(JSON.stringify(answer ?? {})),
      (error: Error) => response.writeHead(route ? 400 : 404).end(JSON.stringify({ error: error.message })),
    );
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close().closeAllConnections();
      await closed;
    },
  };
};
