import { createsOn } from '../../load/creates.js';
import type { LoadSeen } from '../../load/load.js';
import { median } from '../../report/figures.js';
import { cpuMicroseconds } from '../../workplace/process-usage.js';
import type { Workplace } from '../../workplace/workplace.js';
import { settled } from '../settled.js';
import type { Side } from '../side.js';

export interface Round extends LoadSeen {
  /** Processor time per create by process, microseconds, until everything that follows from it was done. */
  readonly costs: ReadonlyMap<string, number | undefined>;
  /** How long after the last answer that was. */
  readonly settledSeconds: number;
}

export const roundOn = async (workplace: Workplace, side: Side, seconds: number): Promise<Round> => {
  const before = side.processes.map(({ pid }) => cpuMicroseconds(pid));
  const seen = await createsOn(workplace, side.port, seconds);
  const began = performance.now();
  await settled(side.api);
  const settledSeconds = (performance.now() - began) / 1_000;
  const costs = side.processes.map(({ name, pid }, at): [string, number | undefined] => {
    const [from, to] = [before[at], cpuMicroseconds(pid)];
    return [name, from === undefined || to === undefined ? undefined : (to - from) / seen.answers];
  });
  return { ...seen, costs: new Map(costs), settledSeconds };
};

/** Median of what the rounds took of a process for each create; undefined when there was no such process. */
export const costIn = (rounds: readonly Round[], process: string): number | undefined => {
  const costs = rounds.map(({ costs }) => costs.get(process)).filter((cost) => cost !== undefined);
  return costs.length === 0 ? undefined : median(costs);
};
