import { contexts } from '@rapport/contexts';
import { SealedFileStore } from '@rapport/files';
import type { Telemetry } from '@rapport/observability';
import { noOwnership } from '@rapport/processing';
import type { Engines } from '@rapport/service-kit';
import { openReading, SqliteReadModelReader } from '@rapport/sqlite';
import { fileIn } from '../data-folder.js';
import type { StandaloneConfig } from '../settings.js';
import { type FactsFile, openFactsFile, type SharedEngines, viewsOf } from '../sqlite-engines.js';
import type { Closing } from '../closing.js';
import { FollowingThread, type FollowingParts } from './following-thread.js';
import { mergedMetrics } from './merged-metrics.js';

/** What the services of the door's thread run on: they write facts and keys, read views, and leave what follows to another thread. */
export const openApart = async (
  config: StandaloneConfig,
  { spare, ...shared }: SharedEngines & Pick<FollowingParts, 'spare'>,
  closing: Closing,
): Promise<{ readonly engines: Readonly<Record<string, Engines>>; readonly metrics: Telemetry['metrics'] }> => {
  const { keys, logger, telemetry } = shared;
  const files = new Map<string, FactsFile>();
  for (const { name } of contexts) {
    const facts = await openFactsFile(fileIn(config.data, name), config.region);
    closing.push(() => facts.close());
    files.set(name, facts);
  }
  const thread = new FollowingThread({ config, contexts: Object.fromEntries(files), keys, logger, spare });
  closing.push(() => thread.close());
  await thread.start();
  const engines = contexts.map(({ name }): [string, Engines] => {
    const views = openReading(viewsOf(fileIn(config.data, name)), true);
    closing.push(() => views.close());
    const facts = files.get(name)!;
    const { events, books, dependency } = facts;
    const ofTheDoor = {
      events,
      books,
      files: new SealedFileStore(facts.files, keys),
      readModels: new SqliteReadModelReader(views, () => thread.purge(name)),
      ownership: noOwnership(thread.told(name)),
      dependencies: async () => [dependency(), shared.keyFile(), await thread.viewsFile(name)],
      logger: logger.with({ service: name }),
    };
    return [name, { ...shared, ...ofTheDoor }];
  });
  return { engines: Object.fromEntries(engines), metrics: mergedMetrics(telemetry, () => thread.metrics()) };
};
