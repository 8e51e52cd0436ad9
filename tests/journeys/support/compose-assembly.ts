import { contextNames } from '@rapport/contexts';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ADMINISTRATOR, type Assembly, type Settings } from './assembly.js';

const FILE = fileURLToPath(new URL('../../../docker-compose.yml', import.meta.url));
const SERVICES = [...contextNames, 'gateway'];

/** What `docker compose up` brings, without what only watches: a project of its own that goes with everything it has. */
export const startCompose = async (more: Settings): Promise<Assembly> => {
  const project = `rapport-journey-${randomBytes(4).toString('hex')}`;
  const port = await freePort();
  const settings = { RAPPORT_PORT: String(port), RAPPORT_ADMIN_TOKEN: ADMINISTRATOR, RAPPORT_RATE_LIMIT: '0', ...more };
  const compose = async (...args: readonly string[]): Promise<void> => {
    const all = ['compose', '--project-name', project, '--file', FILE, ...args];
    await promisify(execFile)('docker', all, { env: { ...process.env, ...settings } });
  };
  const up = (): Promise<void> => compose('up', '--build', '--wait', 'gateway');
  const stop = (): Promise<void> => compose('down', '--volumes', '--timeout', '30');
  try {
    await up();
  } catch (failure) {
    await stop();
    throw failure;
  }
  return {
    address: `http://127.0.0.1:${port}`,
    async restart() {
      await compose('stop', ...[...SERVICES].reverse());
      await up();
    },
    stop,
  };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};
