import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '@rapport/config';
import { type Standalone, standaloneSettings, startStandalone, type Time } from '@rapport/standalone';
import { ADMINISTRATOR, type Assembly, type Settings } from './assembly.js';

/** Every service in this process, on a folder of its own that goes with it. */
export const startStandaloneAssembly = async (more: Settings, time?: Time): Promise<Assembly> => {
  const data = await mkdtemp(join(tmpdir(), 'rapport-journey-'));
  const settings = { ...COMMON, RAPPORT_DATA: data, ...more };
  const open = (): Promise<Standalone> =>
    startStandalone(parseConfig(standaloneSettings, settings).config, time && { time });
  let standalone = await open();
  return {
    get address() {
      return standalone.address;
    },
    get routes() {
      return standalone.routes;
    },
    async restart() {
      await standalone.close();
      standalone = await open();
    },
    async stop() {
      await standalone.close();
      await rm(data, { recursive: true });
    },
  };
};

/** Any free port, no limit on requests, an administrator that the tests know. */
const COMMON: Settings = {
  RAPPORT_PORT: '0',
  RAPPORT_ADMIN_TOKEN: ADMINISTRATOR,
  RAPPORT_RATE_LIMIT: '0',
  RAPPORT_LOG_LEVEL: 'error',
};
