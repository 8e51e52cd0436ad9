import { spawnSync } from 'node:child_process';
import { describe, it } from '@jest/globals';

/** Whether this machine has bash and these programs; Rapport itself needs none of them. */
export const hasTools = (...programs: readonly string[]): boolean => {
  const look = programs.map((program) => `command -v ${program}`).join(' && ');
  return spawnSync('bash', ['-c', look || 'true'], { stdio: 'ignore' }).status === 0;
};

/**
 * Runs a test where it can be run; elsewhere it is reported as skipped, with the reason in its name. A user's machine has Node and npm
 * alone: what needs an engine, a program or somebody's data has to be missed by name, because a test that passes where nothing ran is a lie.
 */
export const itWhere =
  (possible: boolean, reason: string) =>
  (name: string, test: () => Promise<void>): void =>
    possible ? it(name, test) : it.skip(`${name} (skipped: ${reason})`, test);

/** The same of a group of tests, for which several things may be missing. */
export const describeWhere = (missing: readonly string[], name: string, cases: () => void): void =>
  missing.length === 0 ? describe(name, cases) : describe.skip(`${name} (skipped: ${missing.join('; ')})`, cases);

/** Reports what cannot be run here as skipped. */
export const leftOut = (name: string, reason: string): void => itWhere(false, reason)(name, () => Promise.resolve());
