import { join } from 'node:path';
import { root } from './root.mjs';
import { runNode } from './spawn.mjs';

/** By its path, because node_modules/.bin/tsc belongs to TypeScript 6, which the lint tools need. */
const compiler = join(root, 'node_modules', 'typescript7', 'bin', 'tsc');

/** Builds what has changed; resolves to the exit code of the compiler, which names the faults itself. */
export function compile(args = []) {
  return runNode([compiler, '--build', ...args]);
}
