import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { repository } from './repository.js';

const run = promisify(execFile);

/** These are lists or walks; every other page explains one noun. */
const LONG = [
  'README.md',
  'benchmarks.md',
  'configuration.md',
  'decisions.md',
  'follow-one-event.md',
  'glossary.md',
  'security.md',
];
const MOST_LINES = 80;

describe('the pages', () => {
  it('name only links, files and functions that are there', async () => {
    const { stderr } = await run(process.execPath, ['tools/docs/check-links.mjs'], { cwd: repository });
    expect(stderr).toBe('');
  });

  it('list the settings as they are', async () => {
    const { stderr } = await run(process.execPath, ['tools/docs/configuration.mjs', '--check'], { cwd: repository });
    expect(stderr).toBe('');
  }, 60_000);

  it('are short, one per noun, and all on the list', async () => {
    const pages = (await readdir(join(repository, 'docs'))).filter((name) => name.endsWith('.md'));
    const list = await readFile(join(repository, 'docs', 'README.md'), 'utf8');
    const lines = async (name: string) => (await readFile(join(repository, 'docs', name), 'utf8')).split('\n').length;
    const nouns = pages.filter((name) => !LONG.includes(name));
    const long = (
      await Promise.all(nouns.map(async (name) => ((await lines(name)) > MOST_LINES ? [name] : [])))
    ).flat();
    expect(long).toEqual([]);
    expect(nouns.filter((name) => !list.includes(`(${name})`))).toEqual([]);
  });
});
