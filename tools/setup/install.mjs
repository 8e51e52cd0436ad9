import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bundledNode } from './node-version.mjs';
import { root } from './root.mjs';

/** Installs the packages of the lock file, unless exactly these are installed already. */
export function install() {
  if (upToDate()) return linkNode();
  console.error('Setting up: installing packages (about a minute, only when they have changed) …');
  const started = Date.now();
  const result = npm(['ci', '--loglevel=error', '--no-audit', '--no-fund', '--no-progress']);
  if (result !== 0) {
    console.error('The packages could not be installed; the reason stands above. Try again with: npm ci');
    process.exit(result);
  }
  linkNode();
  console.error(`Setting up: packages installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/**
 * npm leaves a lock file of what it has installed, written last, so an interrupted installation counts as none.
 * Comparing contents, not times, also holds after a change of branch and after an `npm install` by hand.
 */
function upToDate() {
  const installed = packages('node_modules/.package-lock.json');
  const wanted = packages('package-lock.json');
  return Object.entries(wanted).every(([path, entry]) => {
    const found = installed[path];
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
    // An optional one may be for another platform; the bundled Node is asked for by itself when it is needed.
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity && found.link === entry.link;
  });
}

function packages(path) {
  const file = join(root, path);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/** npm scripts and the tools in node_modules/.bin find Node 24 first on their path, whatever npm made of the link. */
function linkNode() {
  const bin = join(root, 'node_modules', '.bin');
  if (process.platform === 'win32' || !existsSync(bundledNode) || existsSync(join(bin, 'node'))) return;
  symlinkSync(relative(bin, bundledNode), join(bin, 'node'));
}

function npm(args) {
  // npm tells its scripts where it is itself; that one is right also where several are installed.
  const self = process.env['npm_execpath'];
  const [command, first] = self?.endsWith('.js') ? [process.execPath, [self]] : ['npm', []];
  // What npm prints must not mix with the output of the command that follows.
  const result = spawnSync(command, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32' && command === 'npm',
  });
  return result.status ?? 1;
}
