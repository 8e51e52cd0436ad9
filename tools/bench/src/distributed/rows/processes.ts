import { megabytes, percent, seconds } from '../../report/figures.js';
import type { Bench, Table } from '../../row.js';
import { memoryOf } from '../../workplace/process-usage.js';
import type { Rest, Sides } from '../sides.js';

/** How soon each process was ready, and what it takes of the machine. */
export const processes: Bench<Sides> = {
  name: 'processes',
  async measure({ installation, fleet, server, atRest }) {
    const { pid, startMilliseconds } = server;
    const started = [{ name: 'standalone', pid, startMilliseconds }, ...fleet.services, ...installation.processes];
    const seen = started.map((each) => ({ ...each, rest: atRest.get(each.name), now: memoryOf(each.pid)?.resident }));
    const [one, ...services] = seen.slice(0, 1 + fleet.services.length);
    const slowest = Math.max(...services.map((each) => each.startMilliseconds)) / 1_000;
    const memory = sumOf(services.map(({ now }) => now));
    return [
      {
        what: 'start to ready / memory of the services',
        figure: `slowest ${seconds(slowest)} / ${megabytes(memory)} in ${services.length} processes after the load`,
        limit: `standalone: ${seconds(one!.startMilliseconds / 1_000)} / ${megabytes(one!.now)}`,
        aim: '',
        table: tableOf(seen),
        notes: [
          'From the start of a process to the first 200 of /readyz, one after the other, engines up and empty; of an engine until it answers its protocol.',
          'At rest: resident memory, and processor time as a share of a core over 2 s, from 2 s after the start of the last process. After the load: resident memory after all of the measurements above. What was started during them was never at rest; the gateway at rest is the first one, which knew one replica.',
        ],
      },
    ];
  },
};

interface ProcessSeen {
  readonly name: string;
  readonly startMilliseconds: number;
  readonly rest: Rest | undefined;
  readonly now: number | undefined;
}

const tableOf = (seen: readonly ProcessSeen[]): Table => [
  ['process', 'start to ready', 'memory at rest', 'core at rest', 'memory after the load'],
  ...seen.map(({ name, startMilliseconds, rest, now }) => [
    name,
    seconds(startMilliseconds / 1_000),
    rest === undefined ? '' : megabytes(rest.resident),
    rest?.busy === undefined ? '' : percent(rest.busy),
    megabytes(now),
  ]),
];

const sumOf = (values: readonly (number | undefined)[]): number | undefined =>
  values.reduce<number | undefined>(
    (sum, value) => (sum === undefined || value === undefined ? undefined : sum + value),
    0,
  );
