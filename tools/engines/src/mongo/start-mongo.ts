import { join } from 'node:path';
import type { StartedEngine, StartOptions } from '../engine.js';
import { dataFolder } from '../local/data-folder.js';
import { freePort } from '../local/free-port.js';
import { classPathOf, type JavaPackage } from '../local/java-package.js';
import { LocalEngine } from '../local/local-engine.js';
import { probeMongo } from './probe-mongo.js';

const VERSION = '1.47.0';

const mongoJavaServer: JavaPackage = {
  title: `mongo-java-server ${VERSION}`,
  folder: `mongo-java-server-${VERSION}`,
  artifacts: [`de.bwaldvogel:mongo-java-server:${VERSION}`, `de.bwaldvogel:mongo-java-server-h2-backend:${VERSION}`],
  sources: ['Leash.java', 'QuickById.java', 'MongoServerMain.java'],
};

export interface MongoOptions extends StartOptions {
  /** Keeps nothing over a stop: faster, for tests that never stop it. */
  readonly memory?: boolean;
}

/**
 * A server that speaks MongoDB's protocol, on the loopback; what it acknowledged survives `kill -9`. It has the common core
 * only: no transactions, change streams, pipeline updates, collations or partial indexes.
 * @throws DomainError `unavailable` without Java or Maven, or when it does not start.
 */
export const startMongo = async (options: MongoOptions = {}): Promise<StartedEngine> => {
  const classPath = await classPathOf(mongoJavaServer);
  const data = dataFolder('mongodb', options.data);
  const port = options.port ?? (await freePort());
  const file = options.memory ? [] : [join(data.path, 'mongodb.mv')];
  const server = ['Leash', 'MongoServerMain', String(port), ...file];
  return LocalEngine.start({
    name: 'mongodb',
    address: `mongodb://127.0.0.1:${port}`,
    version: mongoJavaServer.title,
    command: { program: 'java', args: ['-Xms64m', '-Xmx384m', '-cp', classPath, ...server] },
    probe: probeMongo,
    data,
  });
};
