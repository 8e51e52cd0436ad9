import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { setup } from './setup.mjs';
import { runNode } from './spawn.mjs';

await setup();
const main = join(root, 'services', 'standalone', 'dist', 'main.js');
if (!existsSync(main)) {
  console.error('services/standalone/src/main.ts does not exist, so there is nothing to start.');
  process.exit(1);
}
process.exit(await runNode([main, ...process.argv.slice(2)]));
