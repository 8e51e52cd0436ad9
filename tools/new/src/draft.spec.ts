import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Draft } from './draft.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rapport-draft-'));
  await writeFile(join(root, 'list.txt'), 'old');
});
afterEach(() => rm(root, { recursive: true }));

describe('a draft', () => {
  it('is nowhere before it is applied, and reads as it will be', async () => {
    const draft = new Draft(root);
    draft.edit('list.txt', (text) => `${text}, new`);
    draft.write('deep/er/file.txt', 'x');
    expect([draft.read('list.txt'), draft.exists('deep/er/file.txt')]).toEqual(['old, new', true]);
    expect(await readdir(root)).toEqual(['list.txt']);
    expect(await draft.apply()).toEqual(['list.txt', 'deep/er/file.txt']);
    expect(await readFile(join(root, 'deep/er/file.txt'), 'utf8')).toBe('x');
  });

  it('leaves nothing half-written where a file cannot be', async () => {
    await mkdir(join(root, 'taken'));
    const draft = new Draft(root);
    draft.edit('list.txt', () => 'new');
    draft.write('deep/er/file.txt', 'x');
    draft.write('taken', 'a folder is in its place');
    await expect(draft.apply()).rejects.toThrow(/EISDIR/);
    expect(await readFile(join(root, 'list.txt'), 'utf8')).toBe('old');
    expect(existsSync(join(root, 'deep'))).toBe(false);
  });

  it('leaves nothing behind where a link cannot be', async () => {
    const draft = new Draft(root);
    draft.write('file.txt', 'x');
    draft.link('list.txt', 'folder');
    await expect(draft.apply()).rejects.toThrow(/EEXIST/);
    expect(await readdir(root)).toEqual(['list.txt']);
  });
});
