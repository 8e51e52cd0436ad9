import { availableParallelism } from 'node:os';
import { createsOn, moreThanSent } from '../../load/creates.js';
import type { LoadSeen } from '../../load/load.js';
import { median, milliseconds, percent, perSecond, seconds as inSeconds, whole } from '../../report/figures.js';
import type { Bench, Row, Table } from '../../row.js';
import type { Sides } from '../sides.js';
import { costIn, type Round, roundOn } from './create-rounds.js';

/** What was seen of each assembly. */
interface Seen {
  readonly echo: readonly LoadSeen[];
  readonly standalone: readonly Round[];
  /** With contacts once, and twice. */
  readonly one: readonly Round[];
  readonly two: readonly Round[];
  readonly seconds: number;
}

/** Durable creates through REST: the bare echo, one process, all processes, and those with contacts twice. */
export const create: Bench<Sides> = {
  name: 'create',
  async measure(sides) {
    const [rounds, seconds] = sides.workplace.quick ? [1, 1] : [2, 4];
    const warm = sides.workplace.quick ? 0 : 2;
    const seen = { ...(await inTurns(sides, rounds, seconds, warm)), two: [] as Round[], seconds };
    await sides.fleet.addContacts();
    if (warm > 0) await roundOn(sides.workplace, sides.fleet, warm);
    for (let n = 0; n < rounds; n += 1) seen.two.push(await roundOn(sides.workplace, sides.fleet, seconds));
    return rowsOf(seen);
  },
};

/** So that a disturbance meets all of them. The warm-up is not counted. */
const inTurns = async (
  { workplace, standalone, fleet }: Sides,
  rounds: number,
  seconds: number,
  warm: number,
): Promise<Pick<Seen, 'echo' | 'standalone' | 'one'>> => {
  const server = await workplace.echo(await moreThanSent(standalone.api));
  const seen = { echo: [] as LoadSeen[], standalone: [] as Round[], one: [] as Round[] };
  for (let n = warm > 0 ? -1 : 0; n < rounds; n += 1) {
    const each = n < 0 ? warm : seconds;
    const [bare, alone, ours] = [
      await createsOn(workplace, server.port, each),
      await roundOn(workplace, standalone, each),
      await roundOn(workplace, fleet, each),
    ];
    if (n < 0) continue;
    seen.echo.push(bare);
    seen.standalone.push(alone);
    seen.one.push(ours);
  }
  await server.stop();
  return seen;
};

const rowsOf = ({ echo, standalone, one, two, seconds }: Seen): readonly Row[] => {
  const limit = `standalone: ${summary(standalone)}; bare Fastify echo: ${summary(echo)}`;
  const row = (contacts: string, rounds: readonly Round[]) => ({
    what: `durable create through REST, 64 connections, ${contacts}`,
    figure: summary(rounds),
    limit,
    ratio: of(rounds, 'rate') / of(standalone, 'rate'),
    aim: '',
  });
  const notes = [
    `Medians of ${one.length} rounds of ${seconds} s each, in turns after a warm-up, closed loop; the ratio is to standalone. All ${whole([...one, ...two].reduce((sum, { answers }) => sum + answers, 0))} creates were answered 201, each after its event was on the double's disk.`,
    `The load took ${percent(of(one, 'busy'))} of a core. Every list and the copy in sales had all of it ${inSeconds(of(one, 'settledSeconds'))} after the last answer; standalone ${inSeconds(of(standalone, 'settledSeconds'))}.`,
  ];
  return [
    { ...row('1 × contacts', one), notes },
    { ...row('2 × contacts', two), notes: notesOfTwo(one, two), table: costs({ standalone, one, two }) },
  ];
};

const notesOfTwo = (one: readonly Round[], two: readonly Round[]): readonly string[] => [
  `${(of(two, 'rate') / of(one, 'rate')).toFixed(2)} × the rate of one replica. The processes took ${coresOf(one)} of ${availableParallelism()} cores with one and ${coresOf(two)} with two; the load and whatever else ran had the others: where no core is free a second replica can add nothing.`,
  'Table: processor time of all threads for each create, from the first request until everything that follows from it was done, projections and publishing included.',
  `Settled ${inSeconds(of(two, 'settledSeconds'))} after the last answer.`,
];

/** What all processes together took while they answered. */
const coresOf = (rounds: readonly Round[]): string => {
  const costs = [...rounds[0]!.costs.keys()].map((name) => costIn(rounds, name) ?? Number.NaN);
  return ((costs.reduce((sum, cost) => sum + cost, 0) * of(rounds, 'rate')) / 1_000_000).toFixed(1);
};

type Figure = 'rate' | 'p50' | 'p99';

const of = <R extends LoadSeen>(rounds: readonly R[], figure: keyof R & (Figure | 'busy' | 'settledSeconds')): number =>
  median(rounds.map((round) => round[figure] as number));

const summary = (rounds: readonly LoadSeen[]): string =>
  `${perSecond(of(rounds, 'rate'))}, p50 ${milliseconds(of(rounds, 'p50'))}, p99 ${milliseconds(of(rounds, 'p99'))}`;

const costs = ({ standalone, one, two }: Pick<Seen, 'standalone' | 'one' | 'two'>): Table => {
  const columns = [standalone, one, two];
  const names = [...new Set([standalone, two].flatMap((rounds) => [...rounds[0]!.costs.keys()]))];
  const cells = names.map((name) => columns.map((rounds) => costIn(rounds, name)));
  const text = (cost: number | undefined): string => (cost === undefined ? '' : whole(cost));
  const sums = columns.map((_, at) => whole(cells.reduce((sum, row) => sum + (row[at] ?? 0), 0)));
  return [
    ['µs of processor time per create', 'standalone', '1 × contacts', '2 × contacts'],
    ...names.map((name, at) => [name, ...cells[at]!.map(text)]),
    ['all', ...sums],
  ];
};
