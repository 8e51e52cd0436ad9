import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { node24 } from './node-version.mjs';
import { root } from './root.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a script under Node 24 and resolves to its exit code. Signals reach it, so that a server can stop gracefully. */
export function runNode(args, { env = {}, cwd = root } = {}) {
  const child = spawn(node24(), args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
  const forward = (signal) => {
    // A terminal sends Ctrl-C to the whole group: the child has it already, and a second one could mean "at once".
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`Could not run ${args[0]}: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => {
      for (const name of SIGNALS) process.off(name, forward);
      resolve(signal ? 128 + constants.signals[signal] : (code ?? 1));
    });
  });
}
