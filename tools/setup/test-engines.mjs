import { join } from 'node:path';
import { root } from './root.mjs';
import { setup } from './setup.mjs';
import { runNode } from './spawn.mjs';

await setup();
process.exit(await runNode([join(root, 'tools', 'engines', 'dist', 'main.js'), 'test', ...process.argv.slice(2)]));
