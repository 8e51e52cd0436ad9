import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Api } from './api.js';
import { memoryEnvironment, nodeOptions } from '@rapport/standalone/heap';
import { programOf, Server, standaloneProgram } from './server.js';

/** Of the administrator of every server started here. */
export const TOKEN = 'token-of-the-measurements';

const STOP_WITHIN_MILLISECONDS = 10_000;

/** Where measurements work: temporary folders and child processes, all gone when it is left, however that happens. */
export class Workplace {
  readonly root = mkdtempSync(join(tmpdir(), 'rapport-bench-'));
  private readonly children = new Set<ChildProcess>();

  constructor(
    /** Everything smaller, to try the tool and not the platform. */
    readonly quick: boolean,
  ) {
    process.once('exit', () => this.leave());
  }

  folder(name: string): string {
    const folder = join(this.root, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Everything in one process on this data folder, as `npm start` runs it; only the limit of requests is off. */
  standalone(data: string, more: Readonly<Record<string, string>> = {}): Promise<Server> {
    const environment = {
      ...memoryEnvironment(),
      ...more,
      RAPPORT_DATA: data,
      RAPPORT_PORT: '0',
      RAPPORT_ADMIN_TOKEN: TOKEN,
      RAPPORT_RATE_LIMIT: '0',
      RAPPORT_LOG_LEVEL: 'warn',
    };
    const order = { program: standaloneProgram(), nodeOptions: nodeOptions(), environment, ready: '/readyz' };
    return Server.start(order, this.started);
  }

  /** A bare Fastify that answers a body with itself and `more`. */
  echo(more: object): Promise<Server> {
    return Server.start(
      { program: programOf('load/echo.js'), environment: { MORE: JSON.stringify(more) } },
      this.started,
    );
  }

  apiOf(server: Server, token = TOKEN): Api {
    return new Api(server.address, token);
  }

  readonly started = (child: ChildProcess): void => {
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
  };

  /** Lets every server end by itself, so that a profile of it is complete, and leaves. */
  async close(): Promise<void> {
    const ends = [...this.children].map((child) => once(child, 'exit'));
    for (const child of this.children) child.kill('SIGTERM');
    await Promise.race([Promise.all(ends), pause(STOP_WITHIN_MILLISECONDS)]);
    this.leave();
  }

  leave(): void {
    for (const child of this.children) child.kill('SIGKILL');
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}
