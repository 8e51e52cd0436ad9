import { contextNames } from '@rapport/contexts';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { engine } from '@rapport/engines';
import { spawnDouble } from '@rapport/eventstoredb-double';
import { openMongo } from '@rapport/mongo';
import { builtProgram } from './built-program.js';

/** Engines with room for one installation, which nothing else sees. */
export interface TestEngines {
  readonly settings: Readonly<Record<string, string>>;
  /** Takes away what the installation has left there, as far as the engines can. */
  close(): Promise<void>;
}

/** Of each context, and the keyring of all. */
const DATABASES = [...contextNames, 'keyring'];

/**
 * `KAFKA_BROKERS` and `MONGODB_URL` say where they are, and so does `EVENTSTOREDB_URL`; unless that is a double: each
 * installation gets one of its own, so that none reads through what others have written.
 */
export const openTestEngines = async (): Promise<TestEngines> => {
  const namespace = `journey_${randomBytes(6).toString('hex')}`;
  const [brokers, mongo] = [given('KAFKA_BROKERS'), given('MONGODB_URL')];
  const found = engine('eventstoredb');
  const url = 'missing' in found || found.source === 'local' ? undefined : found.address;
  const double = url === undefined ? await spawnDouble() : undefined;
  await makeTopics(namespace, brokers);
  return {
    settings: {
      RAPPORT_NAMESPACE: namespace,
      EVENTSTOREDB_URL: url ?? double!.url,
      KAFKA_BROKERS: brokers,
      MONGODB_URL: mongo,
    },
    async close() {
      await double?.stop();
      await Promise.all(DATABASES.map((name) => dropDatabase(mongo, `${namespace}_${name}`)));
    },
  };
};

const given = (variable: string): string => {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set. Run the journeys on engines with: npm run test:engines`);
  return value;
};

export const makeTopics = async (namespace: string, brokers: string): Promise<void> => {
  const args = [builtProgram('tools/topics'), '--namespace', namespace, '--brokers', brokers];
  await promisify(execFile)(process.execPath, args, { env: { PATH: process.env['PATH'] } });
};

const dropDatabase = async (url: string, database: string): Promise<void> => {
  const connection = await openMongo({ url, database });
  await connection.mongoose.dropDatabase();
  await connection.close();
};
