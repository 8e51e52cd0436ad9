import { spawnSync } from 'node:child_process';

/** Whether this machine has bash and these programs; Rapport itself needs none of them. */
export const hasTools = (...programs: readonly string[]): boolean => {
  const look = programs.map((program) => `command -v ${program}`).join(' && ');
  return spawnSync('bash', ['-c', look || 'true'], { stdio: 'ignore' }).status === 0;
};
