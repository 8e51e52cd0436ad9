import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Probe } from '../until-ready.js';
import { apiVersionsRequest, brokerCount, metadataRequest, releaseOf } from './wire.js';

const WITHIN_MILLISECONDS = 3_000;

/** Asks the first of the brokers that answers for its version, and whether its cluster has a broker to work with. */
export const probeKafka: Probe = (address) => Promise.any(address.split(',').map((broker) => ask(broker.trim())));

const ask = async (broker: string): Promise<string> => {
  const [, host, port] = /^(.+):(\d+)$/.exec(broker) ?? [];
  if (host === undefined) throw new Error(`"${broker}" is not of the form host:port.`);
  const socket = connect(Number(port), host.replace(/^\[|\]$/g, ''));
  const late = new Error(`No Kafka broker answered on ${broker} within ${WITHIN_MILLISECONDS / 1000} s.`);
  const limit = setTimeout(() => socket.destroy(late), WITHIN_MILLISECONDS);
  try {
    await once(socket, 'connect');
    const release = releaseOf(await answer(socket, apiVersionsRequest));
    if (brokerCount(await answer(socket, metadataRequest)) === 0) throw new Error('The cluster has no broker yet.');
    return release === undefined ? 'Kafka' : `Kafka ${release}`;
  } finally {
    clearTimeout(limit);
    socket.destroy();
  }
};

/** The body of the answer: what follows its length and the number that it belongs to. */
const answer = async (socket: Socket, request: Buffer): Promise<Buffer> => {
  socket.write(request);
  let received = Buffer.alloc(0);
  for (;;) {
    if (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) return received.subarray(8);
    const [data] = (await Promise.race([once(socket, 'data'), ended(socket)])) as [Buffer];
    received = Buffer.concat([received, data]);
  }
};

const ended = async (socket: Socket): Promise<never> => {
  await once(socket, 'close');
  throw new Error('The connection was closed instead of an answer.');
};
