import { addressVariable, type ContextName, contextNames, ofEachContext } from '@rapport/contexts';
import { makeContextKeys } from '@rapport/distributed';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMINISTRATOR, type Assembly, type Settings } from '../assembly.js';
import { refuseSecretsIn } from '../secrets.js';
import { type ServiceName, ServiceProcess } from './service-process.js';
import { openTestEngines, type TestEngines } from './test-engines.js';

export interface ProcessOptions {
  readonly settings?: Settings;
  /** Processes of each service. Default 1. */
  readonly replicas?: Partial<Readonly<Record<ServiceName, number>>>;
  /** Of each replica, beside those of all. */
  readonly each?: Partial<Readonly<Record<ServiceName, readonly Settings[]>>>;
  /** Seconds by which each replica's clock is off. */
  readonly clocks?: Partial<Readonly<Record<ServiceName, readonly number[]>>>;
}

/** Every service in processes of its own, on engines as they are in production. */
export const startProcesses = async (options: ProcessOptions = {}): Promise<ProcessAssembly> => {
  const engines = await openTestEngines();
  const assembly = new ProcessAssembly(engines, options);
  try {
    await assembly.start();
    return assembly;
  } catch (failure) {
    await assembly.stop();
    throw failure;
  }
};

export class ProcessAssembly implements Assembly {
  readonly #contexts: Readonly<Record<ContextName, readonly ServiceProcess[]>>;
  /** Made once the contexts have told where they are. */
  gateways: readonly ServiceProcess[] = [];
  readonly #keys = generateKeyPairSync('ed25519');
  readonly #contextKeys = mkdtempSync(join(tmpdir(), 'rapport-context-keys-'));

  constructor(
    private readonly engines: TestEngines,
    private readonly options: ProcessOptions,
  ) {
    makeContextKeys(this.#contextKeys);
    const settings = {
      RAPPORT_CONTEXT_KEYS: this.#contextKeys,
      RAPPORT_MASTER_KEY: randomBytes(32).toString('base64'),
      RAPPORT_PRINCIPAL_PUBLIC_KEY: this.#keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    };
    this.#contexts = ofEachContext((name) => this.#processes(name, settings));
  }

  /** The processes of a context. */
  of(context: ContextName): readonly ServiceProcess[] {
    return this.#contexts[context];
  }

  get address(): string {
    return this.gateways[0]!.address;
  }

  /** Where its engines are, and its namespace there. */
  get settings(): Readonly<Record<string, string>> {
    return this.engines.settings;
  }

  /** Contexts side by side, then the gateways, which have to know where those are. */
  async start(): Promise<void> {
    await all(this.#ofContexts, (each) => each.start());
    const addresses = (processes: readonly ServiceProcess[]): string =>
      processes
        .filter(({ takesCalls }) => takesCalls)
        .map((each) => each.address)
        .join(',');
    if (this.gateways.length === 0) {
      this.gateways = this.#processes('gateway', {
        RAPPORT_ADMIN_TOKEN: ADMINISTRATOR,
        RAPPORT_RATE_LIMIT: '0',
        RAPPORT_PRINCIPAL_PRIVATE_KEY: this.#keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        ...Object.fromEntries(contextNames.map((name) => [addressVariable(name), addresses(this.of(name))])),
      });
    }
    await all(this.gateways, (each) => each.start());
  }

  async restart(): Promise<void> {
    await this.#stop();
    await this.start();
  }

  async stop(): Promise<void> {
    await this.#stop();
    await this.engines.close();
    await rm(this.#contextKeys, { recursive: true });
    refuseSecretsIn(this.output);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** What every process has said, for people who look for a reason. */
  get output(): string {
    return [...this.#ofContexts, ...this.gateways].map(({ name, output }) => `${name}:\n${output}`).join('\n');
  }

  get #ofContexts(): readonly ServiceProcess[] {
    return contextNames.flatMap((name) => this.of(name));
  }

  async #stop(): Promise<void> {
    await all(this.gateways, (each) => each.stop());
    await all(this.#ofContexts, (each) => each.stop());
  }

  #processes(name: ServiceName, settings: Settings): readonly ServiceProcess[] {
    const { settings: more, replicas, each, clocks } = this.options;
    return Array.from({ length: replicas?.[name] ?? 1 }, (_, index) => {
      const clock = clocks?.[name]?.[index];
      const all = { ...this.engines.settings, ...settings, ...more, ...each?.[name]?.[index] };
      return new ServiceProcess(name, all, clock === undefined ? {} : { clockOffset: clock });
    });
  }
}

const all = async <T>(
  processes: readonly ServiceProcess[],
  what: (each: ServiceProcess) => Promise<T>,
): Promise<void> => {
  await Promise.all(processes.map(what));
};
