import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ServerOrder {
  /** Path of a program that prints its address once it listens. */
  readonly program: string;
  /** What Node is told before it. */
  readonly nodeOptions?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Path that answers 200 once it is ready. */
  readonly ready?: string;
  /** Finds the address in what was printed so far. Default: the first one that ends with a space or a slash. */
  readonly addressIn?: (printed: string) => string | undefined;
}

const START_WITHIN_MILLISECONDS = 60_000;

/** A server as a process of its own. */
export class Server {
  private constructor(
    private readonly child: ChildProcess,
    /** `http://127.0.0.1:41234` */
    readonly address: string,
    /** From the start of the process until it was ready. */
    readonly startMilliseconds: number,
  ) {}

  static async start(
    { program, nodeOptions = [], environment, ready, addressIn = anyAddress }: ServerOrder,
    started: (child: ChildProcess) => void,
  ): Promise<Server> {
    const began = performance.now();
    const env = { ...inherited(), ...environment };
    const child = spawn(process.execPath, [...nodeOptions, program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    started(child);
    const address = await addressFrom(child, addressIn);
    if (ready !== undefined) await answers(address + ready, began + START_WITHIN_MILLISECONDS);
    return new Server(child, address, performance.now() - began);
  }

  get pid(): number {
    return this.child.pid!;
  }

  get port(): number {
    return Number(new URL(this.address).port);
  }

  /** Resolves once the process has ended by itself. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

/** Path of a program of this package, from its folder of compiled files. */
export const programOf = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

export const standaloneProgram = (): string =>
  fileURLToPath(new URL('main.js', import.meta.resolve('@rapport/standalone')));

/** The settings of whoever runs this must not change what is measured. */
const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(RAPPORT|OTEL|KAFKA|MONGODB|EVENTSTOREDB)_/.test(name)),
  );

const answers = async (url: string, deadline: number): Promise<void> => {
  for (;;) {
    const { status, body } = await fetch(url);
    await body?.cancel();
    if (status === 200) return;
    if (performance.now() > deadline) throw new Error(`${url} still answers ${status}.`);
  }
};

const anyAddress = (printed: string): string | undefined => /http:\/\/127\.0\.0\.1:\d+(?=\s|\/)/.exec(printed)?.[0];

const addressFrom = (child: ChildProcess, addressIn: (printed: string) => string | undefined): Promise<string> =>
  new Promise((resolve, reject) => {
    let printed = '';
    let found = false;
    const late = setTimeout(() => reject(new Error('The server did not listen in time.')), START_WITHIN_MILLISECONDS);
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      if (found) return;
      printed += text;
      const address = addressIn(printed);
      if (address === undefined) return;
      found = true;
      clearTimeout(late);
      resolve(address);
    });
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`The server ended with ${code} before it listened. It printed: ${printed}`));
    });
  });
