import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { generate } from '../generate/generate.mjs';
import { install } from './install.mjs';
import { requireSetupNode } from './node-version.mjs';
import { root } from './root.mjs';
import { setup } from './setup.mjs';
import { runNode } from './spawn.mjs';

/** node tools/setup/run.mjs <installed tool | built script> [arguments]: makes it ready and runs it under Node 24. */
const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  console.error('Usage: node tools/setup/run.mjs <installed tool | path of a built script> [arguments]');
  process.exit(2);
}
const script = /\.m?js$/.test(command) ? await builtScript(command) : installedTool(command);
process.exit(await runNode([script, ...args]));

async function builtScript(path) {
  await setup();
  const file = resolve(root, path);
  if (existsSync(file)) return file;
  console.error(`${path} does not exist; is there a source file for it?`);
  process.exit(1);
}

/** A tool reads sources, so it needs the packages but no build: it must work while the types do not fit. */
function installedTool(name) {
  requireSetupNode();
  install();
  generate();
  const packageOf = { depcruise: 'dependency-cruiser' };
  const folder = join(root, 'node_modules', packageOf[name] ?? name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[name]);
}
