import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeContextKeys } from '@rapport/distributed';
import { startEventStore, startKafka, startMongo, type StartedEngine } from '@rapport/engines';
import { TOKEN } from '../workplace/workplace.js';

export type Settings = Readonly<Record<string, string>>;

/** How an engine is called in the tables. */
const TITLES = { eventstoredb: 'EventStoreDB double', kafka: 'Kafka', mongodb: 'MongoDB' } as const;

/** Empty engines with topics on them, and the secrets of the services that work with them. */
export class Installation {
  readonly #keys = generateKeyPairSync('ed25519');
  readonly #contextKeys = mkdtempSync(join(tmpdir(), 'rapport-context-keys-'));
  readonly #masterKey = randomBytes(32).toString('base64');

  private constructor(private readonly engines: readonly EngineStart[]) {
    makeContextKeys(this.#contextKeys);
  }

  /** @throws DomainError in one sentence when Java or Maven is missing, or an engine does not start */
  static async open(): Promise<Installation> {
    // One after the other: how long each takes is part of the table.
    const engines = [await timed(startEventStore), await timed(startKafka), await timed(startMongo)];
    const installation = new Installation(engines);
    await installation.makeTopics();
    return installation;
  }

  /** Of every context. */
  get contextSettings(): Settings {
    return {
      ...this.#addresses,
      RAPPORT_CONTEXT_KEYS: this.#contextKeys,
      RAPPORT_MASTER_KEY: this.#masterKey,
      RAPPORT_PRINCIPAL_PUBLIC_KEY: this.#keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    };
  }

  get gatewaySettings(): Settings {
    return {
      EVENTSTOREDB_URL: this.#addresses['EVENTSTOREDB_URL']!,
      RAPPORT_ADMIN_TOKEN: TOKEN,
      RAPPORT_RATE_LIMIT: '0',
      RAPPORT_PRINCIPAL_PRIVATE_KEY: this.#keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  }

  /** In the order of {@link TITLES}, with how long each took to answer. */
  get processes(): readonly { readonly name: string; readonly pid: number; readonly startMilliseconds: number }[] {
    return this.engines.map(({ engine, startMilliseconds }) => ({
      name: TITLES[engine.name],
      pid: engine.pid!,
      startMilliseconds,
    }));
  }

  /** For people: `Apache Kafka 4.1.0; …`. */
  get versions(): string {
    return this.engines.map(({ engine }) => engine.version).join('; ');
  }

  /** @param more such as `--namespace`, `second` */
  async makeTopics(...more: readonly string[]): Promise<void> {
    const program = fileURLToPath(new URL('main.js', import.meta.resolve('@rapport/topics')));
    const args = [program, '--brokers', this.#addresses['KAFKA_BROKERS']!, ...more];
    await promisify(execFile)(process.execPath, args, { env: { PATH: process.env['PATH'] } });
  }

  async close(): Promise<void> {
    await Promise.all(this.engines.map(({ engine }) => engine.close()));
    await rm(this.#contextKeys, { recursive: true });
  }

  get #addresses(): Settings {
    const address = (name: StartedEngine['name']): string =>
      this.engines.find(({ engine }) => engine.name === name)!.engine.address;
    return {
      EVENTSTOREDB_URL: address('eventstoredb'),
      KAFKA_BROKERS: address('kafka'),
      MONGODB_URL: address('mongodb'),
    };
  }
}

interface EngineStart {
  readonly engine: StartedEngine;
  readonly startMilliseconds: number;
}

const timed = async (start: () => Promise<StartedEngine>): Promise<EngineStart> => {
  const began = performance.now();
  const engine = await start();
  return { engine, startMilliseconds: performance.now() - began };
};
