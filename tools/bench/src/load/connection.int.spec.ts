import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Connection } from './connection.js';

const HEAD = 'HTTP/1.1 201 Created\r\ncontent-length: 5\r\n\r\n';
const REQUEST = Buffer.from('POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n');

let server: Server;
let answering: (socket: Socket) => void;

beforeEach(async () => {
  server = createServer((socket) => socket.on('data', () => answering(socket)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => void server.close());

const ask = async (): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const connection = await Connection.open((server.address() as AddressInfo).port, resolve, reject);
  connection.send(REQUEST);
  return promise.finally(() => connection.close());
};

describe('Connection', () => {
  it('answers the status', async () => {
    answering = (socket) => socket.write(`${HEAD}hello`);
    expect(await ask()).toBe(201);
  });

  it('waits for an answer that comes in pieces', async () => {
    const pieces = [HEAD.slice(0, 20), HEAD.slice(20), 'hel', 'lo'];
    answering = (socket) => {
      socket.setNoDelay(true);
      const next = (): void => {
        const piece = pieces.shift();
        if (piece !== undefined) socket.write(piece, () => setImmediate(next));
      };
      next();
    };
    expect(await ask()).toBe(201);
    expect(pieces).toEqual([]);
  });

  it.each([
    ['more than was asked for', `${HEAD}hello${HEAD}`],
    ['an answer of unknown length', 'HTTP/1.1 201 Created\r\n\r\nhello'],
  ])('breaks on %s', async (_, answer) => {
    answering = (socket) => socket.write(answer);
    await expect(ask()).rejects.toThrow(/answer/i);
  });

  it('breaks when the server hangs up', async () => {
    answering = (socket) => socket.end();
    await expect(ask()).rejects.toThrow(/closed/);
  });
});
