import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readTopicSettings, SETTINGS_FILE } from './topic-settings.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapport-topics-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('reads the settings of this repository', () => {
  expect(Object.keys(readTopicSettings(SETTINGS_FILE).replication)).toEqual(['development', 'production']);
});

it.each([
  ['{', /JSON/],
  ['{}', /kinds\.events\.partitions/],
  ['{"kinds":{"events":{"partitions":1.5}}}', /kinds\.events\.partitions/],
  ['{"kinds":{"events":{"partitions":1},"dead-letters":{"partitions":1,"config":{"a":1}}}}', /"a"\] must be text/],
  ['{"kinds":{"events":{"partitions":1},"dead-letters":{"partitions":1}}}', /replication/],
  [
    '{"kinds":{"events":{"partitions":1},"dead-letters":{"partitions":1}},"replication":{"x":{"factor":1,"minInSync":2}}}',
    /replication\.x/,
  ],
])('says what is wrong with %s', async (text, fault) => {
  const file = join(folder, 'topics.json');
  await writeFile(file, text);
  expect(() => readTopicSettings(file)).toThrow(fault);
});
