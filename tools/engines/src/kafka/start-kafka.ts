import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@rapport/kernel';
import type { StartedEngine, StartOptions } from '../engine.js';
import { dataFolder } from '../local/data-folder.js';
import { freePort } from '../local/free-port.js';
import { classPathOf, type JavaPackage } from '../local/java-package.js';
import { LocalEngine } from '../local/local-engine.js';
import { run } from '../local/run.js';
import { probeKafka } from './probe-kafka.js';
import { serverProperties } from './server-properties.js';

export const KAFKA_VERSION = '4.1.0';

const kafka: JavaPackage = {
  title: `Apache Kafka ${KAFKA_VERSION}`,
  folder: `kafka-${KAFKA_VERSION}`,
  artifacts: [`org.apache.kafka:kafka_2.13:${KAFKA_VERSION}`],
  sources: ['Leash.java'],
};

const LOGGING = fileURLToPath(new URL('../../java/log4j2.properties', import.meta.url));
/** A broker for tests is started often and lives for minutes: compiling lightly halves the work of its start. */
const LIGHT = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xms128m', '-Xmx384m'];

/**
 * A real Kafka broker (KRaft, one node) on the loopback. The first time it is downloaded.
 * @throws DomainError `unavailable` without Java or Maven, or when it does not start.
 */
export const startKafka = async (options: StartOptions = {}): Promise<StartedEngine> => {
  const classPath = await classPathOf(kafka);
  const data = dataFolder('kafka', options.data);
  const port = options.port ?? (await freePort());
  const [properties, log] = [join(data.path, 'server.properties'), join(data.path, 'log')];
  await writeFile(properties, serverProperties({ port, controllerPort: await freePort(), log }));
  const java = [...LIGHT, '-cp', classPath, `-Dlog4j2.configurationFile=${LOGGING}`];
  return LocalEngine.start({
    name: 'kafka',
    address: `127.0.0.1:${port}`,
    version: kafka.title,
    command: { program: 'java', args: [...java, 'Leash', 'kafka.Kafka', properties] },
    prepare: () => format(java, properties),
    probe: probeKafka,
    data,
  });
};

/** What has been formatted before is left as it is. */
const format = async (java: readonly string[], properties: string): Promise<void> => {
  const cluster = randomBytes(16).toString('base64url');
  const args = ['format', '--ignore-formatted', `--cluster-id=${cluster}`, '--config', properties];
  const { code, output } = await run('java', [...java, 'kafka.tools.StorageTool', ...args]);
  if (code === 0) return;
  throw new DomainError('unavailable', 'engine-not-started', `Kafka's folder could not be formatted: ${output}`);
};
