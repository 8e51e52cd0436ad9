import type { EngineName } from '../engine.js';
import { KAFKA_VERSION } from '../kafka/start-kafka.js';
import { singleNode } from '../kafka/server-properties.js';

/** An image, and what a container of it needs to be reached on `host` and `port` of the machine that Docker runs on. */
export interface DockerImage {
  readonly image: string;
  /** Port inside of the container. */
  readonly port: number;
  readonly environment: (host: string, port: number) => Readonly<Record<string, string>>;
  readonly address: (host: string, port: number) => string;
  /** In the place of the image's own. */
  readonly command?: readonly string[];
  /** Run in the container once it listens, again after each start. */
  readonly prepare?: readonly string[];
}

/** Makes a replica set of the one server, and waits until it is its primary. */
const REPLICA_SET = `
  try { rs.status() } catch { rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'localhost:27017' }] }) }
  while (!db.hello().isWritablePrimary) sleep(50);`;

export const dockerImages: Readonly<Record<EngineName, DockerImage>> = {
  kafka: {
    image: `apache/kafka:${KAFKA_VERSION}`,
    port: 9092,
    // Whoever sets one of the image's settings has to set all of them.
    environment: (host, port) => ({
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_NODE_ID: '1',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${host}:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      ...asEnvironment(singleNode),
    }),
    address: (host, port) => `${host}:${port}`,
  },
  mongodb: {
    image: 'mongo:7.0.14',
    port: 27017,
    environment: () => ({}),
    command: ['--replSet', 'rs0', '--bind_ip_all'],
    prepare: ['mongosh', '--quiet', '--eval', REPLICA_SET],
    // Its member is called as it is called inside; so clients are not to look for it by that name.
    address: (host, port) => `mongodb://${host}:${port}/?directConnection=true`,
  },
  eventstoredb: {
    image: 'docker.kurrent.io/kurrent-lts/kurrentdb:26.0.3',
    port: 2113,
    environment: () => ({
      KURRENTDB_CLUSTER_SIZE: '1',
      KURRENTDB_INSECURE: 'true',
      KURRENTDB_RUN_PROJECTIONS: 'None',
      KURRENTDB_TELEMETRY_OPTOUT: 'true',
    }),
    address: (host, port) => `esdb://${host}:${port}?tls=false`,
  },
};

/** `a.b.c` is read from `KAFKA_A_B_C`. */
const asEnvironment = (properties: Readonly<Record<string, string | number | boolean>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      `KAFKA_${key.replaceAll('.', '_').toUpperCase()}`,
      String(value),
    ]),
  );
