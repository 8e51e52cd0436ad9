import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { requireSetupNode } from './node-version.mjs';
import { root } from './root.mjs';
import { runNode } from './spawn.mjs';

/** Runs the tests as they are, without setting up first. */
export function jest(args) {
  // kafkajs sets timers in the past.
  const quiet = ['ExperimentalWarning', 'TimeoutNegativeWarning'].map((warning) => `--disable-warning=${warning}`);
  const options = [process.env['NODE_OPTIONS'], '--experimental-vm-modules', ...quiet];
  return runNode([join(root, 'node_modules', 'jest', 'bin', 'jest.js'), ...args], {
    env: { NODE_OPTIONS: options.filter(Boolean).join(' ') },
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  requireSetupNode();
  process.exit(await jest(process.argv.slice(2)));
}
