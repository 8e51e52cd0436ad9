import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { format, resolveConfig } from 'prettier';

/** Writes what is committed then: formatted like everything else, and whole, whoever else writes the same. */
export const writeJson = async (file: string, value: object): Promise<void> => {
  const text = await format(JSON.stringify(value, null, 2), { parser: 'json', ...(await resolveConfig(file)) });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
};
