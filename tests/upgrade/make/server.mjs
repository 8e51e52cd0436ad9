import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A program of Rapport, built in its checkout, running on a data folder. */
export class Server {
  #child;
  #output = '';
  url = '';

  /** Resolves once it is healthy. */
  static async start(checkout, data, settings = {}) {
    const server = new Server();
    await server.#run(checkout, data, settings);
    return server;
  }

  /** The administrator's token, shown at the first start of a folder only. */
  get token() {
    return /RAPPORT_TOKEN=(\S+)/.exec(this.#output)?.[1];
  }

  /** `kill -9`. */
  async kill() {
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** In good order. */
  async stop() {
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    await ended;
  }

  async #run(checkout, data, settings) {
    const main = join(checkout, 'services/standalone/dist/main.js');
    const env = { PATH: process.env.PATH, RAPPORT_DATA: data, RAPPORT_PORT: '0', RAPPORT_RATE_LIMIT: '0', ...settings };
    this.#child = spawn(process.execPath, [main], { cwd: checkout, env, stdio: ['ignore', 'pipe', 'pipe'] });
    process.on('exit', () => this.#child.kill('SIGKILL'));
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.on('data', (text) => (this.#output += text.toString()));
    const ended = once(this.#child, 'close').then(() => {
      throw new Error(`The server ended: ${this.#output}`);
    });
    ended.catch(() => undefined);
    while (!/Sign in with|RAPPORT_TOKEN=\S+\n/.test(this.#output))
      await Promise.race([once(this.#child.stdout, 'data'), ended]);
    this.url = /API\s+(http\S+)\/v1/.exec(this.#output)[1];
  }
}
