import { spawnSync } from 'node:child_process';
import { it } from '@jest/globals';

/** Whether this machine has bash and these programs; Rapport itself needs none of them. */
export const hasTools = (...programs: readonly string[]): boolean => {
  const look = programs.map((program) => `command -v ${program}`).join(' && ');
  return spawnSync('bash', ['-c', look || 'true'], { stdio: 'ignore' }).status === 0;
};

/** Runs a test where it can be run; elsewhere it is reported as skipped, with the reason in its name. */
export const itWhere =
  (possible: boolean, reason: string) =>
  (name: string, test: () => Promise<void>): void =>
    possible ? it(name, test) : it.skip(`${name} (skipped: ${reason})`, test);
