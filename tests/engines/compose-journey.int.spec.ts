import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

/** Whether containers can be run, and Compose is there. */
const answers = [['compose', 'version'], ['info']].every(
  (args) => spawnSync('docker', args, { stdio: 'ignore', timeout: 5_000 }).status === 0,
);

if (answers) {
  process.env['RAPPORT_ASSEMBLY'] = 'compose';
  await import('../journeys/work.int.spec.js');
} else {
  it('the journey in containers is left out: Docker, or its Compose, does not answer', () => {
    expect(answers).toBe(false);
  });
}
