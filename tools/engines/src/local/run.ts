import { spawn } from 'node:child_process';

/** What a finished program printed, both streams in one. */
export interface Finished {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end. A missing one is told by the error's `code`, `ENOENT`. */
export const run = (program: string, args: readonly string[]): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const listen = (text: Buffer): void => void (output += text.toString());
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
