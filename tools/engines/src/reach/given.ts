import type { EngineName } from '../engine.js';
import type { Probes } from '../until-ready.js';
import type { Way } from './reach.js';
import { reasonOf } from './reasons.js';

/** Where the addresses of engines are given, and where tests find them. */
export const addressVariables: Readonly<Record<EngineName, string>> = {
  kafka: 'KAFKA_BROKERS',
  mongodb: 'MONGODB_URL',
  eventstoredb: 'EVENTSTOREDB_URL',
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** The engine whose address stands in the environment, if it answers. */
export const given =
  (environment: Environment, probes: Probes): Way =>
  async (name) => {
    const variable = addressVariables[name];
    const address = environment[variable];
    if (!address) return undefined;
    try {
      return { name, address, version: await probes[name](address), source: 'environment' };
    } catch (cause) {
      throw new Error(`${variable} is set, but nothing answers there (${reasonOf(cause)})`, { cause });
    }
  };
