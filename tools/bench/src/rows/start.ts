import { filledIn } from '../workplace/filled.js';
import { setTimeout as pause } from 'node:timers/promises';
import { median, megabytes, seconds, whole } from '../report/figures.js';
import type { Bench } from '../row.js';
import { memoryOf, type MemoryUsage } from '../workplace/process-usage.js';
import type { Server } from '../workplace/server.js';

const LIMIT_SECONDS = 2;
const LIMIT_EMPTY = 350 * 2 ** 20;
const LIMIT_AFTER = 450 * 2 ** 20;
const REST_MILLISECONDS = 2_000;

interface Starts {
  readonly seconds: number;
  readonly memory: MemoryUsage | undefined;
}

/** How soon it answers, and how much memory it then holds. */
export const start: Bench = {
  name: 'start',
  async measure(workplace) {
    const times = workplace.quick ? 1 : 3;
    let folders = 0;
    const bare = await workplace.echo({});
    const empty = await starts(times, () => workplace.standalone(workplace.folder(`empty-${folders++}`)));
    const filled = await filledIn(workplace);
    const full = await starts(times, () => filled.restart());
    await bare.stop();
    const { after } = filled.imported.memory;
    const rest = Math.max(...[empty.memory, full.memory].map((each) => each?.resident ?? Number.NaN));
    const most = Math.max(rest, after?.resident ?? Number.NaN);
    const slowest = Math.max(empty.seconds, full.seconds);
    return [
      {
        what: 'start to healthy / memory at rest, standalone',
        figure: `${seconds(slowest)} / ${Number.isNaN(most) ? 'not known here' : megabytes(most)}`,
        limit: `bare Fastify: ${seconds(bare.startMilliseconds / 1_000)}`,
        aim: '≤ 2 s / ≤ 350 MB, ≤ 450 MB after an import',
        ...(Number.isNaN(most) ? {} : { met: slowest <= LIMIT_SECONDS && rest <= LIMIT_EMPTY && most <= LIMIT_AFTER }),
        notes: [
          `Empty folder: ${lineOf(empty)}.`,
          `With ${whole(filled.contacts)} contacts: ${lineOf(full)}.`,
          `At rest after the import, without a restart: ${memoryLine(after)}.`,
          `From the start of the process to the first 200 of /readyz, median of ${times}; memory ${REST_MILLISECONDS / 1_000} s later. The figure is the worst of these.`,
        ],
      },
    ];
  },
};

const starts = async (times: number, again: () => Promise<Server>): Promise<Starts> => {
  const took: number[] = [];
  let memory: MemoryUsage | undefined;
  for (let n = 0; n < times; n += 1) {
    const server = await again();
    took.push(server.startMilliseconds / 1_000);
    if (n === times - 1) {
      await pause(REST_MILLISECONDS);
      memory = memoryOf(server.pid);
    }
    await server.stop();
  }
  return { seconds: median(took), memory };
};

const lineOf = (of: Starts): string => `${seconds(of.seconds)}, ${memoryLine(of.memory)}`;

const memoryLine = (memory: MemoryUsage | undefined): string =>
  `${megabytes(memory?.resident)} resident, ${megabytes(memory?.anonymous)} of it private`;
