import { setTimeout as pause } from 'node:timers/promises';
import { createsOn } from '../../load/creates.js';
import { milliseconds, percentile, percentiles } from '../../report/figures.js';
import type { Bench } from '../../row.js';
import type { Api } from '../../workplace/api.js';
import type { Workplace } from '../../workplace/workplace.js';
import { settled } from '../settled.js';
import type { Side } from '../side.js';
import type { Sides } from '../sides.js';
import { accountOf } from './seed.js';

const PER_SECOND = 100;
/** Under full load: programs that are still being compiled fall behind, and everything waits for what is behind. */
const WARM_UP_SECONDS = 6;
/** Every so many writes one is looked for in sales: looking is work too. */
const LOOKED_FOR = 10;
const LOOK_MILLISECONDS = 2;
const LIMIT_MILLISECONDS = 250;

interface Seen {
  /** From the answer to a write to the list that shows it. */
  readonly listed: readonly number[];
  /** The same reads of what has long been there. */
  readonly list: readonly number[];
  /** From the answer to a write to the name that sales shows. */
  readonly copied: readonly number[];
  readonly known: readonly number[];
}

/** How long after the answer to a write others see it, at a steady rate that leaves the machine some air. */
export const freshness: Bench<Sides> = {
  name: 'freshness',
  async measure({ workplace, standalone, fleet }) {
    const seconds = workplace.quick ? 1 : 6;
    const one = await seenOn(workplace, standalone, seconds);
    const ours = await seenOn(workplace, fleet, seconds);
    return [
      rowOf('write acknowledged → visible in the read model', ours.listed, one.listed, [
        `${PER_SECOND} creates per second for ${seconds} s, begun at fixed times after a warm-up, each followed by a read of the new account out of the list’s documents with the consistency token of the write. The read is in the figure.`,
        `The same read of an account that has long been there, one request after the other: ${both(ours.list, one.list)}.`,
      ]),
      rowOf('write acknowledged → applied in the copy that sales keeps', ours.copied, one.copied, [
        `${PER_SECOND} writes per second for ${seconds} s; every ${LOOKED_FOR}th gives an account another name, and its opportunity is read in sales, ${LOOK_MILLISECONDS} ms after each answer, until it shows that: ${ours.copied.length} names. The last request is in the figure.`,
        `Reading an opportunity whose account has long had its name, one request after the other: ${both(ours.known, one.known)}.`,
      ]),
    ];
  },
};

const rowOf = (what: string, ours: readonly number[], one: readonly number[], notes: readonly string[]) => ({
  what,
  figure: percentiles(ours, 0.5, 0.99),
  limit: `standalone: ${percentiles(one, 0.5, 0.99)}`,
  aim: `p99 ≤ ${LIMIT_MILLISECONDS} ms`,
  met: percentile(ours, 0.99) <= LIMIT_MILLISECONDS,
  notes: [`Slowest ${milliseconds(Math.max(...ours))}; standalone ${milliseconds(Math.max(...one))}.`, ...notes],
});

const both = (ours: readonly number[], one: readonly number[]): string =>
  `${percentiles(ours, 0.5, 0.99)}; standalone ${percentiles(one, 0.5, 0.99)}`;

const seenOn = async (workplace: Workplace, { api, port }: Side, seconds: number): Promise<Seen> => {
  await createsOn(workplace, port, workplace.quick ? 1 : WARM_UP_SECONDS);
  await settled(api);
  await steadily(1, (n) => listedAfter(api, n));
  const listed = await steadily(seconds, (n) => listedAfter(api, n));
  const pairs = await pairsOn(api, Math.ceil((seconds * PER_SECOND) / LOOKED_FOR));
  const list = await oneByOne(100, () => api.get(`/v1/accounts/${pairs[0]!.account}`));
  const times = await steadily(seconds, async (n) => {
    if (n % LOOKED_FOR === 0) return copiedAfter(api, pairs[n / LOOKED_FOR]!, `Renamed ${n}`);
    await api.call('POST', '/v1/accounts', { body: accountOf(n) });
    return Number.NaN;
  });
  const copied = times.filter((time) => !Number.isNaN(time));
  const known = await oneByOne(100, () => copyShows(api, pairs[0]!, 'Renamed 0'));
  return { listed, list, copied, known };
};

const steadily = async (seconds: number, work: (n: number) => Promise<number>): Promise<readonly number[]> => {
  const began = performance.now();
  const each = Array.from({ length: seconds * PER_SECOND }, async (_, n) => {
    await pause(Math.max(0, began + (n * 1_000) / PER_SECOND - performance.now()));
    return work(n);
  });
  return Promise.all(each);
};

const oneByOne = async (count: number, work: () => Promise<unknown>): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) times.push(await timeOf(work));
  return times;
};

const timeOf = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

const listedAfter = async (api: Api, n: number): Promise<number> => {
  const { body, headers } = await api.call<{ id: string }>('POST', '/v1/accounts', { body: accountOf(n) });
  const consistency = { 'rapport-consistency': headers.get('rapport-consistency')! };
  return timeOf(() => api.call('GET', `/v1/accounts/${body.id}`, { headers: consistency }));
};

/** An account and an opportunity of it. */
interface Pair {
  readonly account: string;
  readonly opportunity: string;
}

const pairsOn = async (api: Api, count: number): Promise<readonly Pair[]> => {
  const make = async (path: string, body: object): Promise<string> =>
    (await api.call<{ id: string }>('POST', path, { body })).body.id;
  const stages = [{ name: 'Open', probability: 10 }];
  const pipelineId = await make('/v1/pipelines', { name: 'Sales', currency: 'USD', stages });
  const pairs: Pair[] = [];
  for (let n = 0; n < count; n += 1) {
    const account = await make('/v1/accounts', accountOf(n));
    const order = { name: `Order ${n}`, accountId: account, pipelineId };
    pairs.push({ account, opportunity: await make('/v1/opportunities', order) });
  }
  for (const [n, pair] of pairs.entries()) while (!(await copyShows(api, pair, accountOf(n).name)));
  return pairs;
};

const copiedAfter = async (api: Api, pair: Pair, name: string): Promise<number> => {
  await api.call('PATCH', `/v1/accounts/${pair.account}`, { body: { name } });
  return timeOf(async () => {
    while (!(await copyShows(api, pair, name))) await pause(LOOK_MILLISECONDS);
  });
};

const copyShows = async (api: Api, { opportunity }: Pair, name: string): Promise<boolean> =>
  (await api.call<{ accountName?: string }>('GET', `/v1/opportunities/${opportunity}`, { accepts: [404] })).body
    .accountName === name;
