import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';

/** Every service of a built checkout in a process of its own, on the engines that the settings name. */
export class Processes {
  url = '';
  #children = [];

  static async start(checkout, settings, administrator) {
    const topics = join(checkout, 'tools/topics/dist/main.js');
    const { RAPPORT_NAMESPACE: namespace, KAFKA_BROKERS: brokers } = settings;
    execFileSync(process.execPath, [topics, '--namespace', namespace, '--brokers', brokers]);
    const keys = generateKeyPairSync('ed25519');
    const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' });
    const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
    const processes = new Processes();
    const context = (name) => processes.#run(checkout, name, { ...settings, RAPPORT_PRINCIPAL_PUBLIC_KEY: publicKey });
    const [contacts, sales] = await Promise.all([context('contacts'), context('sales')]);
    const gateway = await processes.#run(checkout, 'gateway', {
      ...settings,
      ...{ RAPPORT_ADMIN_TOKEN: administrator, RAPPORT_RATE_LIMIT: '0', RAPPORT_PRINCIPAL_PRIVATE_KEY: privateKey },
      RAPPORT_CONTACTS_ADDRESS: `127.0.0.1:${contacts.port}`,
      RAPPORT_SALES_ADDRESS: `127.0.0.1:${sales.port}`,
    });
    processes.url = gateway.address;
    return processes;
  }

  /** `kill -9`, all at once. */
  async kill() {
    const ended = this.#children.map((child) => once(child, 'close'));
    for (const child of this.#children) child.kill('SIGKILL');
    await Promise.all(ended);
  }

  /** What it says once it takes calls. */
  async #run(checkout, name, settings) {
    const env = { PATH: process.env.PATH, RAPPORT_PORT: '0', RAPPORT_HEALTH_PORT: '0', ...settings };
    const main = join(checkout, 'services', name, 'dist/main.js');
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.#children.push(child);
    process.on('exit', () => child.kill('SIGKILL'));
    let output = '';
    child.stdout.on('data', (text) => (output += text.toString()));
    for (;;) {
      const started = /^\{.*"message":"Takes (calls|requests)"\}$/m.exec(output);
      if (started) return JSON.parse(started[0]);
      if (child.exitCode !== null) throw new Error(`${name} ended: ${output}`);
      await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
    }
  }
}
