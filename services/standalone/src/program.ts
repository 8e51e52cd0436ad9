import { writeFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { ConfigError, parseConfig } from '@rapport/config';
import { DomainError } from '@rapport/kernel';
import { fileIn } from './data-folder.js';
import { standaloneSettings } from './settings.js';
import { startStandalone, type Standalone } from './standalone.js';
import { welcome } from './welcome.js';

/**
 * config → adapters → services → listen, until somebody says stop.
 * @param spare a thread that was launched to follow
 */
export const run = (spare?: Worker): Promise<void> => start(spare).catch(fail);

const start = async (spare?: Worker): Promise<void> => {
  // What is in the data folder is nobody else's: no file in it is readable by others.
  process.umask(0o077);
  const { config, warnings } = parseConfig(standaloneSettings, process.env, [
    'RAPPORT_REAL_DATA',
    'RAPPORT_URL',
    'RAPPORT_TOKEN',
  ]);
  for (const warning of warnings) console.warn(warning);
  const standalone = await startStandalone(config, { spare });
  stopOnSignal(standalone);
  const link = standalone.link && shownLink(standalone.link, config.data);
  console.log(welcome({ ...standalone, link }, config, performance.now()));
};

/** It lets somebody in: a terminal shows it, and where there is none it is kept where only the owner reads it, not in a log. */
const shownLink = (link: string, data: string): string => {
  if (process.stdout.isTTY) return link;
  const file = fileIn(data, 'sign-in-link');
  writeFileSync(file, `${link}\n`, { mode: 0o600 });
  return `the link in ${file}`;
};

const stopOnSignal = (standalone: Standalone): void => {
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    stopping ??= standalone.close().then(
      () => process.exit(0),
      (failure: unknown) => fail(failure),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};

/** What people can mend themselves is said in a sentence; the rest comes with its trace. */
const fail = (failure: unknown): never => {
  const expected = failure instanceof ConfigError || failure instanceof DomainError;
  console.error(expected ? `Rapport cannot start. ${failure.message}` : failure);
  process.exit(1);
};
