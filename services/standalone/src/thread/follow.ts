import { parentPort } from 'node:worker_threads';
import type { DoorCalls, ThreadCalls } from './calls.js';
import { plainFailure } from './failure.js';
import { Followed } from './followed.js';
import { Line } from './line.js';

/** The program of the thread that follows: it begins when it is told to, and ends when it is told to. */
const port = parentPort!;

let followed: Followed | undefined;

const begin: ThreadCalls['begin'] = (config, durable) => {
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
