import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StartedEngine } from '../engine.js';

/** What tests may do to an engine: `POST /<engine>/<action>`. `GET /<engine>` answers `{ pid, memory }`. */
export const actions = ['stop', 'start', 'restart', 'kill'] as const;
export type Action = (typeof actions)[number];

export interface ControlServer {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  close(): Promise<void>;
}

/** Lets other processes stop and start the engines of this one. On the loopback only. */
export const startControl = async (engines: readonly StartedEngine[]): Promise<ControlServer> => {
  const server = createServer((request, response) => {
    answer(engines, request, response).catch((error: unknown) => {
      response.writeHead(500).end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

/** Answers once it is done: a started engine is ready then, a stopped one has gone. */
const answer = async (
  engines: readonly StartedEngine[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const [, name, action] = request.url!.split('/');
  const engine = engines.find((candidate) => candidate.name === name);
  const wanted = actions.find((candidate) => candidate === action);
  if (!engine || (request.method === 'POST' && !wanted)) {
    const known = engines.map((candidate) => candidate.name).join(', ');
    const error = `Not found: POST /<${known}>/<${actions.join(', ')}> or GET /<${known}>.`;
    response.writeHead(404).end(JSON.stringify({ error }));
    return;
  }
  if (request.method === 'POST') await engine[wanted!]();
  response.end(JSON.stringify({ pid: engine.pid, memory: await engine.memory() }));
};
