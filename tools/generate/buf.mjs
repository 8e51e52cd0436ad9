import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { node24 } from '../setup/node-version.mjs';
import { root } from '../setup/root.mjs';

/** Runs buf at the root of the workspace; its plugins run under the same Node. Exits when buf reports a fault. */
export function buf(...args) {
  const node = node24();
  const script = join(root, 'node_modules', '@bufbuild', 'buf', 'bin', 'buf');
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH']}` };
  const { status } = spawnSync(node, [script, ...args], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

/** Every contract file, relative to proto/. */
export function protoFiles() {
  const folder = join(root, 'proto');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true }).map((file) => file.replaceAll('\\', '/'));
  return files.filter((file) => file.endsWith('.proto')).sort();
}
