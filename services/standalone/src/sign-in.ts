import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, parseConfig } from '@rapport/config';
import { signInAnew } from '@rapport/identity';
import { DomainError, systemClock } from '@rapport/kernel';
import { DataFolder } from './data-folder.js';
import { type StandaloneConfig, standaloneSettings } from './settings.js';
import { openFactsFile } from './sqlite-engines.js';

/** Whoever can write the data folder is let in: prints a new administrator's token. */
const main = async (): Promise<void> => {
  process.umask(0o077);
  const { config } = parseConfig(standaloneSettings, process.env, [
    'RAPPORT_REAL_DATA',
    'RAPPORT_URL',
    'RAPPORT_TOKEN',
  ]);
  const token = await newToken(config);
  console.log(
    [
      `A new token of an administrator of ${config.tenant}, in ${config.data}. It is shown only this once:`,
      '',
      `  export RAPPORT_TOKEN=${token}`,
      '',
      'Start Rapport again. The lost one still works: revoke it with DELETE /v1/access-tokens/<id>.',
    ].join('\n'),
  );
};

const newToken = async ({ data, region, tenant }: StandaloneConfig): Promise<string> => {
  // Identity's, or in a folder of an earlier program those of the gateway.
  if (!['identity.db', 'gateway.db'].some((file) => existsSync(join(data, file)))) {
    const message = `Rapport was never started on ${data}. Go to its folder, or set RAPPORT_DATA.`;
    throw new DomainError('not-found', 'no-installation', message);
  }
  const folder = DataFolder.take(data);
  const facts = await openFactsFile(folder.file('identity'), region);
  try {
    return await signInAnew(facts.events, systemClock, tenant);
  } finally {
    await facts.close();
    folder.release();
  }
};

main().catch((failure: unknown) => {
  const expected = failure instanceof ConfigError || failure instanceof DomainError;
  console.error(expected ? `No token was made. ${failure.message}` : failure);
  process.exitCode = 2;
});
