import { parentPort, workerData } from 'node:worker_threads';
import type { Position } from '@rapport/kernel';
import type { StandaloneConfig } from '../settings.js';
import type { DoorCalls, ThreadCalls } from './calls.js';
import { plainFailure } from './failure.js';
import { Followed } from './followed.js';
import { Line } from './line.js';

/** The program of the thread that follows: it begins when it is told to, and ends when it is told to. */
const config = workerData as StandaloneConfig;
const port = parentPort!;

let followed: Followed | undefined;

const begin = (durable: Readonly<Record<string, Position>>): void => {
  const open = async (): Promise<void> => {
    followed = new Followed(config, door, durable);
    await followed.start();
    door.tell('following');
  };
  open().catch((failure: unknown) => door.tell('failed', plainFailure(failure)));
};

const calls: ThreadCalls = {
  begin,
  durable: (context, position) => followed?.reached(context, position),
  forgetKey: (subject) => followed?.keys.forget(subject),
  rebuild: (context, projection) => followed!.rebuild(context, projection),
  purge: (context) => followed!.purge(context),
  viewsFile: (context) => followed!.viewsFile(context),
  metrics: async () => (await followed?.metrics()) ?? '',
  stop: async () => {
    await followed?.close();
    // After the answer.
    setImmediate(() => setImmediate(() => process.exit(0)));
  },
};

const door = new Line<DoorCalls>(port, calls);
