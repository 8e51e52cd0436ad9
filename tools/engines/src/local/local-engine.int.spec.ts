import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, it } from '@jest/globals';
import { dataFolder } from './data-folder.js';
import { freePort } from './free-port.js';
import { LocalEngine, type LocalServer } from './local-engine.js';

/** Any server will do: this one greets whoever connects, after it has printed what it was told to. */
const SERVER = `
  console.log(process.argv[2]);
  require('node:net').createServer((socket) => socket.end('hello')).listen(Number(process.argv[1]), '127.0.0.1');
  process.stdin.on('end', () => process.exit(0)).resume();
`;

const greeted = async (address: string): Promise<string> => {
  const socket = connect(Number(address), '127.0.0.1');
  const [data] = (await once(socket, 'data')) as [Buffer];
  return data.toString();
};

const serverOf = async (script = SERVER): Promise<LocalServer> => {
  const port = await freePort();
  return {
    name: 'kafka',
    address: String(port),
    version: 'A server 1.0',
    command: { program: process.execPath, args: ['-e', script, String(port), 'printed'] },
    probe: greeted,
    data: dataFolder('test'),
  };
};

const runs = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('answers once it is started, and leaves neither process nor data when it is closed', async () => {
  const server = await serverOf();
  const engine = await LocalEngine.start(server);
  const pid = engine.pid!;
  expect(await greeted(engine.address)).toBe('hello');
  expect(await engine.memory()).toBeGreaterThan(1);
  await engine.close();
  expect({ runs: runs(pid), pid: engine.pid, data: existsSync(server.data.path) }).toEqual({
    runs: false,
    data: false,
  });
});

it.each(['stop', 'kill'] as const)('after %s it starts again on the same address, with the same data', async (end) => {
  const server = await serverOf();
  const engine = await LocalEngine.start(server);
  const first = engine.pid!;
  await engine[end]();
  expect({ runs: runs(first), pid: engine.pid }).toEqual({ runs: false });
  await engine.start();
  expect(await greeted(server.address)).toBe('hello');
  expect(existsSync(server.data.path)).toBe(true);
  await engine.close();
});

it('stops, kills and closes what is stopped already, and starts what runs already, without a word', async () => {
  const engine = await LocalEngine.start(await serverOf());
  const pid = engine.pid;
  await engine.start();
  expect(engine.pid).toBe(pid);
  await engine.stop();
  await engine.stop();
  await engine.kill();
  await engine.close();
});

it('says what a server printed that ended instead of answering, and removes its data', async () => {
  const server = await serverOf('console.error("No room left"); process.exit(3)');
  await expect(LocalEngine.start(server)).rejects.toMatchObject({
    kind: 'unavailable',
    message: `A server 1.0 did not start on ${server.address}. The last that it printed:\nNo room left`,
  });
  expect(existsSync(server.data.path)).toBe(false);
});

it('says that a program is missing', async () => {
  const server = { ...(await serverOf()), command: { program: 'rapport-has-no-such-program', args: [] } };
  await expect(LocalEngine.start(server)).rejects.toThrow(/ENOENT/);
});
