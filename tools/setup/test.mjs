import { join } from 'node:path';
import { jest } from './jest.mjs';
import { root } from './root.mjs';
import { setup } from './setup.mjs';
import { runNode } from './spawn.mjs';

await setup();
const { enginesMayBeGiven } = await import('../engines/dist/reach/may-be-given.js');
const args = process.argv.slice(2);
const engines = join(root, 'tools', 'engines', 'dist', 'main.js');
process.exit(enginesMayBeGiven() ? await runNode([engines, 'test-given', ...args]) : await jest(args));
