import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../setup/root.mjs';
import { buf } from './buf.mjs';

/** The commit whose proto/ clients may rely on: the base of this branch, or on main itself the state before this one. */
export function earlierCommit() {
  const asked = process.env['RAPPORT_PROTO_BASE'];
  if (asked) return git('rev-parse', '--verify', '--quiet', `${asked}^{commit}`);
  const head = git('rev-parse', '--verify', '--quiet', 'HEAD');
  if (!head) return undefined;
  for (const main of ['origin/main', 'main']) {
    const base = git('merge-base', 'HEAD', main);
    if (base && base !== head) return base;
  }
  return git('status', '--porcelain', 'proto') ? head : git('rev-parse', '--verify', '--quiet', 'HEAD~1');
}

/**
 * buf's own git input cannot be used: at that commit there is no node_modules for google.api to come from. So its files are
 * laid out next to today's google.api and built to an image, whose path is answered. Undefined when the commit has no proto files.
 */
export function exportProtos(commit) {
  const files = (git('ls-tree', '-r', '--name-only', commit, 'proto') ?? '').split('\n');
  const protos = files.filter((file) => file.endsWith('.proto'));
  if (protos.length === 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'rapport-earlier-'));
  // On exit, because a fault that buf finds ends the process.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const file of protos) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), execFileSync('git', ['show', `${commit}:${file}`], { cwd: root }));
  }
  const google = join('node_modules', 'google-proto-files', 'google', 'api');
  cpSync(join(root, google), join(folder, google), { recursive: true });
  cpSync(join(root, 'buf.yaml'), join(folder, 'buf.yaml'));
  const path = join(folder, 'earlier.binpb');
  buf('build', join(folder, 'proto'), '--output', path);
  return path;
}

function git(...args) {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
