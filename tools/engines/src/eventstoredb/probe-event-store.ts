import { readFileSync } from 'node:fs';
import {
  type ConnectionOptions,
  parseConnectionString,
} from '@eventstore/db-client/dist/Client/parseConnectionString.js';
import { ServerFeaturesClient } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { type ChannelCredentials, credentials, Metadata, status } from '@grpc/grpc-js';
import type { Probe } from '../until-ready.js';

const WITHIN_MILLISECONDS = 3_000;

/** Asks the first of the nodes that answers for its version. */
export const probeEventStore: Probe = (address) => {
  const options = parseConnectionString(address);
  const security = securityOf(options);
  return Promise.any(options.hosts.map(({ address: host, port }) => ask(`${host}:${port}`, security)));
};

const securityOf = ({ tls, tlsVerifyCert, tlsCAFile }: ConnectionOptions): ChannelCredentials => {
  if (tls === false) return credentials.createInsecure();
  const root = tlsCAFile === undefined ? null : readFileSync(tlsCAFile);
  return credentials.createSsl(root, null, null, { rejectUnauthorized: tlsVerifyCert !== false });
};

const ask = async (node: string, security: ChannelCredentials): Promise<string> => {
  const client = new ServerFeaturesClient(node, security);
  const deadline = Date.now() + WITHIN_MILLISECONDS;
  try {
    return await new Promise((resolve, reject) => {
      client.getSupportedMethods(new shared.Empty(), new Metadata(), { deadline }, (error, answer) => {
        // Servers before 21.10 do not know the question, but they are there.
        if (error?.code === status.UNIMPLEMENTED) resolve('EventStoreDB');
        else if (error) reject(error);
        else resolve(`EventStoreDB ${answer.getEventStoreServerVersion()}`);
      });
    });
  } finally {
    client.close();
  }
};
