import { closeSync, fdatasyncSync, openSync, readFileSync, statfsSync, writeSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { megabytes, perSecond } from './figures.js';

/** What the figures were measured on, as name → text. */
export const machineFacts = (folder: string): Readonly<Record<string, string>> => ({
  Cores: `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}`,
  Memory: megabytes(totalmem()),
  System: [nameOfSystem(), type(), release()].filter(Boolean).join(', '),
  Disk: `${fileSystemOf(folder)}, ${perSecond(fsyncRate(folder))} fsyncs of 4 kB one after the other`,
  'Load before the run': loadavg()[0]!.toFixed(2),
  Node: process.version,
  SQLite: process.versions['sqlite'] ?? 'unknown',
  Rapport: commit(),
});

const nameOfSystem = (): string | undefined => {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
};

/** In memory an fsync costs nothing, so this has to be seen. */
const fileSystemOf = (folder: string): string => {
  const names: Readonly<Record<string, string>> = {
    ef53: 'ext4',
    '1021994': 'tmpfs (in memory)',
    '58465342': 'xfs',
    '9123683e': 'btrfs',
    '794c7630': 'overlay',
  };
  const magic = statfsSync(folder).type.toString(16);
  return names[magic] ?? `file system 0x${magic}`;
};

const fsyncRate = (folder: string): number => {
  const file = openSync(join(folder, 'fsync'), 'w');
  const page = Buffer.alloc(4_096, 1);
  const began = performance.now();
  let done = 0;
  for (; performance.now() - began < 500; done += 1) {
    writeSync(file, page);
    fdatasyncSync(file);
  }
  const rate = (done * 1_000) / (performance.now() - began);
  closeSync(file);
  return rate;
};

const commit = (): string => {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ' with changes'}`;
  } catch {
    return 'not a checkout';
  }
};
