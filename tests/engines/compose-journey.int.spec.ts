import { spawnSync } from 'node:child_process';
import { leftOut } from '../journeys/support/host-tools.js';

/** Whether containers can be run, and Compose is there. */
const answers = [['compose', 'version'], ['info']].every(
  (args) => spawnSync('docker', args, { stdio: 'ignore', timeout: 5_000 }).status === 0,
);

if (answers) {
  process.env['RAPPORT_ASSEMBLY'] = 'compose';
  await import('../journeys/work.int.spec.js');
} else {
  leftOut('the journey in containers', 'Docker, or its Compose, does not answer');
}
