import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Mounts a disk in memory; false where that is not allowed. Options as `size=10m`, or `remount,size=200m`. */
export const mounted = (path: string, options: string): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]).status === 0;

export const unmount = (path: string): void => void execFileSync('umount', ['--lazy', path]);

/** A small disk takes the right to mount one, which only some superusers have. */
export const canMount = (): boolean => {
  const probe = mkdtempSync(join(tmpdir(), 'rapport-mount-'));
  const can = mounted(probe, 'size=1m');
  if (can) execFileSync('umount', [probe]);
  rmdirSync(probe);
  return can;
};
