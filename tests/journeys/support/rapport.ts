import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '@rapport/config';
import { type Standalone, standaloneSettings, startStandalone } from '@rapport/standalone';
import { Api } from './api.js';

export const ADMINISTRATOR = 'administrator-of-the-journeys';

export type Settings = Readonly<Record<`RAPPORT_${string}`, string>>;

/** What every journey sets: any free port, no limit on requests, an administrator that the tests know. */
export const settingsFor = (data: string, more: Settings = {}): Settings => ({
  RAPPORT_DATA: data,
  RAPPORT_PORT: '0',
  RAPPORT_ADMIN_TOKEN: ADMINISTRATOR,
  RAPPORT_RATE_LIMIT: '0',
  RAPPORT_LOG_LEVEL: 'error',
  ...more,
});

/** The whole platform in this process, on a folder of its own that goes with it. */
export class Rapport implements AsyncDisposable {
  private constructor(
    readonly data: string,
    private readonly settings: Settings,
    private standalone: Standalone,
  ) {}

  static async start(more: Settings = {}): Promise<Rapport> {
    const data = await mkdtemp(join(tmpdir(), 'rapport-journey-'));
    const settings = settingsFor(data, more);
    return new Rapport(data, settings, await open(settings));
  }

  /** The administrator's client. */
  get api(): Api {
    return new Api(this.standalone.address, ADMINISTRATOR);
  }

  /** Stops in good order and starts again on the same folder; clients made before are void. */
  async restart(): Promise<void> {
    await this.standalone.close();
    this.standalone = await open(this.settings);
  }

  async stop(): Promise<void> {
    await this.standalone.close();
    await rm(this.data, { recursive: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

const open = (settings: Settings): Promise<Standalone> =>
  startStandalone(parseConfig(standaloneSettings, settings).config);
