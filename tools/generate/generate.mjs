import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from '../setup/install.mjs';
import { root } from '../setup/root.mjs';
import { writeBarrels } from './barrels.mjs';
import { buf, protoFiles } from './buf.mjs';
import { writeDescriptors } from './descriptors.mjs';
import { drift } from './drift.mjs';
import { prune } from './prune.mjs';

const target = join(root, 'libs', 'contracts', 'src', 'gen');

install();
if (protoFiles().length === 0) {
  console.log('proto/ holds no files yet: nothing to generate.');
  process.exit(0);
}
const fresh = mkdtempSync(join(tmpdir(), 'rapport-generated-'));
// On exit, because a fault that buf finds ends the process.
process.on('exit', () => rmSync(fresh, { recursive: true, force: true }));
buf('generate', 'proto', '--output', fresh);
prune(fresh);
writeDescriptors(fresh);
writeBarrels(fresh);
if (process.argv.includes('--check')) check();
else replace();

function replace() {
  // The target is replaced as a whole, so that nothing stays behind of a contract that is gone.
  rmSync(target, { recursive: true, force: true });
  cpSync(fresh, target, { recursive: true });
  console.log(`Generated libs/contracts/src/gen from ${protoFiles().length} proto files.`);
}

function check() {
  const faults = drift(target, fresh);
  if (faults.length === 0) {
    console.log('The generated code is up to date with proto/.');
    return;
  }
  console.error(`The generated code in libs/contracts/src/gen does not match proto/:\n  ${faults.join('\n  ')}`);
  console.error('Run `npm run generate` and commit what it writes.');
  process.exitCode = 1;
}
