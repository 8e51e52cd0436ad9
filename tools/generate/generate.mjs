import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { install } from '../setup/install.mjs';
import { writeBarrels } from './barrels.mjs';
import { buf, protoFiles } from './buf.mjs';
import { writeDescriptors } from './descriptors.mjs';
import { prune } from './prune.mjs';
import { generatedFolder, isStale, rememberSources } from './stale.mjs';

/** Makes code from proto/, unless what is there was made from exactly that. Needs the packages. */
export function generate() {
  if (protoFiles().length === 0 || !isStale()) return;
  const fresh = mkdtempSync(join(tmpdir(), 'rapport-generated-'));
  // On exit, because a fault that buf finds ends the process.
  process.on('exit', () => rmSync(fresh, { recursive: true, force: true }));
  buf('generate', 'proto', '--output', fresh);
  prune(fresh);
  writeDescriptors(fresh);
  writeBarrels(fresh);
  rememberSources(fresh);
  replace(fresh);
  console.error(`Generated libs/contracts/src/gen from ${protoFiles().length} proto files.`);
}

/** As a whole, so that nothing stays behind of a contract that is gone; a reader never finds half of it. */
function replace(fresh) {
  const beside = `${generatedFolder}.${process.pid}`;
  cpSync(fresh, beside, { recursive: true });
  rmSync(generatedFolder, { recursive: true, force: true });
  renameSync(beside, generatedFolder);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  install();
  generate();
}
