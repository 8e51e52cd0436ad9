import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** The oldest Node that can run the scripts in this folder; Rapport itself always runs on the one `node24` finds. */
const OLDEST_FOR_SETUP = 20;
/** Below this, Jest cannot load ESM packages such as NestJS 12. */
const OLDEST_FOR_RAPPORT = [24, 9];

export function requireSetupNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= OLDEST_FOR_SETUP) return;
  console.error(
    `Rapport needs Node ${OLDEST_FOR_SETUP} or newer to set itself up (it then brings its own Node 24), but this is ` +
      `Node ${process.versions.node} at ${process.execPath}. Please install a newer one from https://nodejs.org and try again.`,
  );
  process.exit(1);
}

/**
 * Asked for in its own package: npm 10 takes the link in node_modules/.bin away again, together with the packages of the
 * other platforms, which bring a link of the same name.
 */
export const bundledNode =
  process.platform === 'win32'
    ? join(root, 'node_modules', `node-win-${process.arch}`, 'bin', 'node.exe')
    : join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');

/** The path of a Node 24: the one installed with the packages, else the one that runs this script when it is new enough. */
export function node24() {
  if (existsSync(bundledNode) && starts(bundledNode)) return bundledNode;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_FOR_RAPPORT[0] || (major === OLDEST_FOR_RAPPORT[0] && minor >= OLDEST_FOR_RAPPORT[1])) {
    return process.execPath;
  }
  console.error(
    `No Node 24 came with the packages for ${process.platform} on ${process.arch}, and this is Node ` +
      `${process.versions.node}. Please install Node ${OLDEST_FOR_RAPPORT.join('.')} or newer (see .nvmrc) and try again.`,
  );
  process.exit(1);
}

/** A binary for another C library (Alpine) is there but does not start. */
function starts(path) {
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
