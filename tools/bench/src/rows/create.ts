import { createsOn, moreThanSent } from '../load/creates.js';
import type { LoadSeen } from '../load/load.js';
import { median, milliseconds, percent, perSecond, whole } from '../report/figures.js';
import type { Bench, Row } from '../row.js';
import { cpuMicroseconds } from '../workplace/process-usage.js';
import type { Server } from '../workplace/server.js';
import type { Workplace } from '../workplace/workplace.js';

interface Round extends LoadSeen {
  /** Processor time of the server per request, microseconds. */
  readonly cost: number | undefined;
}

/** Durable creates through REST against a bare Fastify, in turns so that a disturbance meets both. */
export const create: Bench = {
  name: 'create',
  async measure(workplace) {
    const server = await workplace.standalone(workplace.folder('create'));
    const echo = await workplace.echo(await moreThanSent(workplace.apiOf(server)));
    const [rounds, seconds] = workplace.quick ? [1, 2] : [3, 8];
    for (const target of [server, echo]) await round(workplace, target, workplace.quick ? 1 : 4);
    const ours: Round[] = [];
    const bare: Round[] = [];
    for (let n = 0; n < rounds; n += 1) {
      ours.push(await round(workplace, server, seconds));
      bare.push(await round(workplace, echo, seconds));
    }
    await Promise.all([server.stop(), echo.stop()]);
    return [rowOf(ours, bare, seconds)];
  },
};

const round = async (workplace: Workplace, server: Server, seconds: number): Promise<Round> => {
  const before = cpuMicroseconds(server.pid);
  const seen = await createsOn(workplace, server.port, seconds);
  const after = cpuMicroseconds(server.pid);
  return { ...seen, cost: before === undefined || after === undefined ? undefined : (after - before) / seen.answers };
};

const rowOf = (ours: readonly Round[], bare: readonly Round[], seconds: number): Row => {
  const of = (rounds: readonly Round[], figure: 'rate' | 'p50' | 'p99' | 'busy'): number =>
    median(rounds.map((each) => each[figure]));
  const ratios = ours.map(({ rate }, n) => rate / bare[n]!.rate);
  const ratio = median(ratios);
  const p99 = of(ours, 'p99');
  const summary = (rounds: readonly Round[]): string =>
    `${perSecond(of(rounds, 'rate'))}, p50 ${milliseconds(of(rounds, 'p50'))}, p99 ${milliseconds(of(rounds, 'p99'))}`;
  return {
    what: 'durable create through REST, standalone, 64 connections',
    figure: summary(ours),
    limit: `bare Fastify echo: ${summary(bare)}`,
    ratio,
    aim: '≥ 0.25 of the rate, p99 ≤ 50 ms',
    met: ratio >= 0.25 && p99 <= 50,
    notes: [
      `Medians of ${ours.length} rounds of ${seconds} s each, in turns; ratios of the pairs: ${ratios.map((each) => each.toFixed(3)).join(', ')}.`,
      `All ${whole(ours.reduce((sum, { answers }) => sum + answers, 0))} creates were answered 201, each after its event was on the disk.`,
      `Processor time of the server per request, all threads: ${costOf(ours)} µs; echo ${costOf(bare)} µs.`,
      `Load, server and echo share the cores of this machine. The load took ${percent(of(ours, 'busy'))} of a core against the server and ${percent(of(bare, 'busy'))} against the echo.`,
      'Each connection sends its next request when its last is answered (closed loop): latencies are those of a server that is fully busy.',
      'The echo parses the same bodies and answers as many fields; its answers carry fewer headers.',
    ],
  };
};

const costOf = (rounds: readonly Round[]): string => {
  const costs = rounds.map(({ cost }) => cost).filter((cost) => cost !== undefined);
  return costs.length === 0 ? 'unknown' : whole(median(costs));
};
