import { setTimeout as sleep } from 'node:timers/promises';
import { createInterface } from 'node:readline/promises';

/** Where a command speaks and listens. */
export interface Terminal {
  print(line: string): void;
  /** Overwrites the line before where that is possible; says nothing where it is not. */
  progress(line: string): void;
  /** undefined where nobody can answer. */
  confirm(question: string): Promise<boolean | undefined>;
  /** Between two questions to the server. */
  wait(): Promise<void>;
}

const POLL_MILLISECONDS = 250;

export const processTerminal = (): Terminal => {
  let open = false;
  const end = (): void => {
    if (open) process.stdout.write('\n');
    open = false;
  };
  return {
    print: (line) => {
      end();
      process.stdout.write(`${line}\n`);
    },
    progress: (line) => {
      if (!process.stdout.isTTY) return;
      open = true;
      process.stdout.write(`\r\u001b[K${line}`);
    },
    confirm: async (question) => {
      end();
      if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
      const lines = createInterface({ input: process.stdin, output: process.stdout });
      const answer = await lines.question(`${question} [y/N] `);
      lines.close();
      return /^y(es)?$/i.test(answer.trim());
    },
    wait: () => sleep(POLL_MILLISECONDS),
  };
};
