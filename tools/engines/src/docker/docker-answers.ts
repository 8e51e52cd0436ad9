import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ContainerRuntimeClient } from 'testcontainers';

const WITHIN_MILLISECONDS = 5_000;

/** Whether an engine may be there at all: asked before anything is loaded, because mostly there is none. */
export const dockerIsLikely = (): boolean =>
  ['DOCKER_HOST', 'TESTCONTAINERS_HOST_OVERRIDE'].some((name) => process.env[name]) ||
  process.platform === 'win32' ||
  sockets().some((path) => existsSync(path));

const sockets = (): string[] => [
  '/var/run/docker.sock',
  join(process.env['XDG_RUNTIME_DIR'] ?? '/run/user/none', 'docker.sock'),
  join(homedir(), '.docker', 'run', 'docker.sock'),
  join(homedir(), '.docker', 'desktop', 'docker.sock'),
  join(homedir(), '.testcontainers.properties'),
];

/** A Docker engine that answers within a few seconds, or undefined. */
export const dockerEngine = async (): Promise<ContainerRuntimeClient | undefined> => {
  if (!dockerIsLikely()) return undefined;
  const { getContainerRuntimeClient } = await import('testcontainers');
  const late = Promise.withResolvers<undefined>();
  const limit = setTimeout(() => late.resolve(undefined), WITHIN_MILLISECONDS);
  try {
    return await Promise.race([getContainerRuntimeClient().catch(() => undefined), late.promise]);
  } finally {
    clearTimeout(limit);
  }
};
