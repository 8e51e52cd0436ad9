import { dockerEngine } from '../docker/docker-answers.js';
import type { EngineName, StartedEngine } from '../engine.js';
import { startEventStore } from '../eventstoredb/start-event-store.js';
import { startKafka } from '../kafka/start-kafka.js';
import { startMongo } from '../mongo/start-mongo.js';
import { probes } from '../probes.js';
import { given } from './given.js';
import type { Way } from './reach.js';

/** What is there already: addresses in the environment, and Docker. */
export const waysGiven = (): readonly Way[] => [given(process.env, probes), inDocker()];

/** In the order in which they are tried. */
export const everyWay = (): readonly Way[] => [...waysGiven(), (name) => locally[name]()];

const locally: Readonly<Record<EngineName, () => Promise<StartedEngine>>> = {
  kafka: startKafka,
  mongodb: startMongo,
  eventstoredb: startEventStore,
};

/** Asks for the Docker engine once, whatever the number of engines. */
const inDocker = (): Way => {
  let docker: ReturnType<typeof dockerEngine> | undefined;
  return async (name) => {
    docker ??= dockerEngine();
    const engine = await docker;
    if (!engine) return undefined;
    const { DockerEngine } = await import('../docker/docker-engine.js');
    return DockerEngine.start(name, engine, probes[name]);
  };
};
