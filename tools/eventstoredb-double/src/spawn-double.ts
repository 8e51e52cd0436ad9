import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { commandLineOf } from './command-line.js';
import type { Double } from './double.js';
import type { Faults } from './faults/faults.js';
import { remoteFaults } from './faults/remote-faults.js';
import type { DoubleOptions } from './options.js';

/** What the process says when it is ready. */
interface Ready {
  readonly url: string;
  readonly control: string;
}

/** Starts it in a process of its own, which ends with this one. */
export const spawnDouble = async (options: DoubleOptions = {}): Promise<Double> => {
  let [child, ready] = await start(options);
  const same = { ...options, port: portOf(ready.url), controlPort: portOf(ready.control) };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  };
  const stop = (): Promise<void> => end('SIGTERM');
  const faults: Faults = remoteFaults(ready.control);
  return {
    ...ready,
    faults,
    stop,
    kill: () => end('SIGKILL'),
    async restart() {
      await stop();
      [child, ready] = await start(same);
    },
  };
};

const portOf = (url: string): number => Number(/:(\d+)\D*$/.exec(url.split('?')[0]!)![1]);

const start = async (options: DoubleOptions): Promise<[ChildProcess, Ready]> => {
  const args = [...MAIN, ...commandLineOf({ options, attached: true })];
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let problems = '';
  child.stderr.on('data', (chunk: Buffer) => (problems += chunk.toString()));
  const lines = createInterface(child.stdout);
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'close').then(() => [])])) as [string?];
  if (line === undefined) throw new Error(`The server did not start: ${problems}`);
  return [child, JSON.parse(line) as Ready];
};

/** Lets Node run the TypeScript sources as they are. */
const FROM_SOURCE = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ resolve: (name, context, next) =>
    next(context.parentURL?.endsWith('.ts') && name.startsWith('.') ? name.replace(/\\.js$/, '.ts') : name, context) });
`)}`;

/** The built program, or the source when this file is run from it. */
const MAIN = import.meta.url.endsWith('.ts')
  ? [
      ...['--conditions=source', '--experimental-transform-types', '--disable-warning=ExperimentalWarning'],
      ...['--import', FROM_SOURCE, fileURLToPath(new URL('main.ts', import.meta.url))],
    ]
  : [fileURLToPath(new URL('main.js', import.meta.url))];
