import { pathToFileURL } from 'node:url';
import { generate } from '../generate/generate.mjs';
import { compile } from './compile.mjs';
import { install } from './install.mjs';
import { requireSetupNode } from './node-version.mjs';

/** Brings a fresh clone, or one that has fallen behind, to where it can run. Does nothing when nothing has changed. */
export async function setup() {
  requireSetupNode();
  install();
  generate();
  const code = await compile();
  if (code === 0) return;
  console.error('Rapport could not be built; the faults stand above.');
  process.exit(code);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await setup();
