import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';
import { setup } from './setup.mjs';
import { runNode } from './spawn.mjs';

await setup();
const dist = join(root, 'services', 'standalone', 'dist');
const main = join(dist, 'main.js');
if (!existsSync(main)) {
  console.error('services/standalone/src/main.ts does not exist, so there is nothing to start.');
  process.exit(1);
}
const { memoryEnvironment, nodeOptions } = await import(pathToFileURL(join(dist, 'heap.js')).href);
const env = { ...memoryEnvironment(), ...process.env };
process.exit(await runNode([...nodeOptions(), main, ...process.argv.slice(2)], { env }));
