import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Environment } from '../reach/given.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a command with more in its environment and resolves to its exit code. It gets the signals that we get. */
export const runChild = (program: string, args: readonly string[], environment: Environment): Promise<number> => {
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
  const forward = (signal: NodeJS.Signals): void => {
    // A terminal sends Ctrl-C to the whole group: the child has it already.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  return new Promise((resolve) => {
    const finish = (code: number): void => {
      for (const signal of SIGNALS) process.off(signal, forward);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(`Could not run ${program}: ${error.message}`);
      finish(127);
    });
    child.on('exit', (code, signal) => finish(signal ? 128 + constants.signals[signal] : (code ?? 1)));
  });
};
