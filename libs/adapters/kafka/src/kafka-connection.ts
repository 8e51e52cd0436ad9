import type { ConnectionOptions } from 'node:tls';
import type { Logger } from '@rapport/observability';
import { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import { logCreatorOf } from './kafka-log.js';
import { keepNegativeTimeoutsQuiet } from './negative-timeouts.js';

/** How to reach a cluster. */
export interface KafkaConnection {
  /** `host:port`; any of the cluster's brokers will do, the others are found from it. */
  readonly brokers: readonly string[];
  /** Names this process in the brokers' logs and quotas. */
  readonly clientId: string;
  /** Stands, with a dot, before the names of topics, groups and transactions, so that several systems can share a cluster. */
  readonly namespace?: string;
  /** `true` trusts the usual authorities. */
  readonly ssl?: boolean | ConnectionOptions;
  readonly sasl?: KafkaLogin;
  /** Where the client's own lines go. Default nowhere. */
  readonly logger?: Logger;
}

export interface KafkaLogin {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** For one request; whoever needs more patience has a loop of its own. */
const RETRY = { initialRetryTime: 50, maxRetryTime: 1_000, multiplier: 2, factor: 0.2, retries: 4 };

/** A new one for each consumer: those made from one share a cache of offsets per group, and empty it for each other. */
export const kafkaOf = ({ brokers, clientId, ssl, sasl, logger }: KafkaConnection): Kafka => {
  keepNegativeTimeoutsQuiet();
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: RETRY,
    logLevel: logger === undefined ? logLevel.NOTHING : logLevel.INFO,
    logCreator: logCreatorOf(logger),
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as SASLOptions }),
  });
};
