import { readFileSync, writeFileSync } from 'node:fs';

/** What Linux tells about a process; everything is undefined elsewhere. */

/** Processor time of all threads so far, microseconds, in steps of 10 ms. */
export const cpuMicroseconds = (pid: number): number | undefined => {
  const stat = textOf(pid, 'stat');
  if (stat === undefined) return undefined;
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user! + system!) * 10_000;
};

/** Bytes. */
export interface MemoryUsage {
  /** Resident now; with the pages of database files that are mapped. */
  readonly resident: number;
  /** Of it what belongs to the process alone. */
  readonly anonymous: number;
  /** Most resident since the start, or since {@link forgetPeak}. */
  readonly peak: number;
}

export const memoryOf = (pid: number): MemoryUsage | undefined => {
  const status = textOf(pid, 'status');
  if (status === undefined) return undefined;
  const bytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1_024;
  return { resident: bytes('VmRSS'), anonymous: bytes('RssAnon'), peak: bytes('VmHWM') };
};

/** Lets the peak begin anew from what is resident now. */
export const forgetPeak = (pid: number): void => {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Elsewhere than on Linux there is no peak to forget.
  }
};

const textOf = (pid: number, name: string): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
};
