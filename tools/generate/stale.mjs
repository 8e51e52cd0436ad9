import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { protoFiles } from './buf.mjs';

/** What the generated code lies beside: the digest of everything that it was made from. */
const DIGEST = '.digest';

export const generatedFolder = join(root, 'libs', 'contracts', 'src', 'gen');

/** Whether the generated code was made from something else than what is there now, or not at all. */
export function isStale() {
  const file = join(generatedFolder, DIGEST);
  return !existsSync(file) || readFileSync(file, 'utf8') !== sources();
}

export function rememberSources(folder) {
  writeFileSync(join(folder, DIGEST), sources());
}

/** Digest of the contract, of how code is made from it, and of the programs that make it. */
function sources() {
  const own = readdirSync(join(root, 'tools', 'generate')).filter((file) => file.endsWith('.mjs'));
  const files = [
    ...protoFiles().map((file) => join('proto', file)),
    ...own.map((file) => join('tools', 'generate', file)),
    'buf.gen.yaml',
    'buf.yaml',
    ...GENERATORS.map((name) => join('node_modules', name, 'package.json')),
  ];
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.replaceAll('\\', '/')}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

const GENERATORS = ['@bufbuild/buf', 'ts-proto', 'google-proto-files'];
