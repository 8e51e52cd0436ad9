import { join } from 'node:path';
import { compile } from './compile.mjs';
import { install } from './install.mjs';
import { requireSetupNode } from './node-version.mjs';
import { root } from './root.mjs';
import { runNode } from './spawn.mjs';

/** Runs tools/new, for which only itself is built: it has to work while a context of the list is not yet there. */
requireSetupNode();
install();
const code = await compile([join('tools', 'new')]);
process.exit(
  code === 0 ? await runNode([join(root, 'tools', 'new', 'dist', 'main.js'), ...process.argv.slice(2)]) : code,
);
