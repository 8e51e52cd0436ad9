import type { ContextName } from '@rapport/contexts';
import { fileURLToPath } from 'node:url';
import { Server } from '../workplace/server.js';
import type { Workplace } from '../workplace/workplace.js';
import type { Settings } from './installation.js';

export type ServiceName = ContextName | 'gateway';

/** What a service logs once it has started. */
interface Started {
  /** Of the calls of gateways. */
  readonly port?: number;
  readonly healthPort?: number;
  /** Of the gateway. */
  readonly address?: string;
}

/** One process of one service. */
export interface Service {
  readonly server: Server;
  /** Where gateways call it; empty for a gateway. */
  readonly callAddress: string;
}

/** Resolves once it is ready. */
export const startService = async (workplace: Workplace, name: ServiceName, settings: Settings): Promise<Service> => {
  const program = fileURLToPath(new URL('main.js', import.meta.resolve(`@rapport/${name}`)));
  const environment = { RAPPORT_PORT: '0', RAPPORT_LOG_LEVEL: 'info', ...healthOf(name), ...settings };
  let callAddress = '';
  const addressIn = (printed: string): string | undefined => {
    const { port, healthPort, address } = startedIn(printed) ?? {};
    if (port !== undefined) callAddress = `127.0.0.1:${port}`;
    return address ?? (healthPort === undefined ? undefined : `http://127.0.0.1:${healthPort}`);
  };
  const server = await Server.start({ program, environment, ready: '/readyz', addressIn }, workplace.started);
  return { server, callAddress };
};

/** The gateway tells of itself where it takes requests. */
const healthOf = (name: ServiceName): Settings => (name === 'gateway' ? {} : { RAPPORT_HEALTH_PORT: '0' });

const startedIn = (printed: string): Started | undefined => {
  const line = /^\{.*"message":"Takes (?:calls|requests)"\}$/m.exec(printed)?.[0];
  return line === undefined ? undefined : (JSON.parse(line) as Started);
};
