import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readTopicSettings, SETTINGS_FILE } from './topic-settings.js';

const FOR_EVER = '{"retention.ms":"-1","retention.bytes":"-1"}';
const COMMANDS = '"commands":{"partitions":1,"config":{}}';

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
  ['{}', /events\.partitions/],
  ['{"events":{"partitions":1.5}}', /events\.partitions/],
  ['{"events":{"partitions":1,"config":{"a":1}}}', /"a"\] must be text/],
  [`{"events":{"partitions":1,"config":{"retention.ms":"604800000"}},${COMMANDS}}`, /"retention\.ms"\] must be "-1"/],
  [`{"events":{"partitions":1,"config":${FOR_EVER}}}`, /commands\.partitions/],
  [`{"events":{"partitions":1,"config":${FOR_EVER}},${COMMANDS}}`, /replication/],
  [
    `{"events":{"partitions":1,"config":${FOR_EVER}},${COMMANDS},"replication":{"x":{"factor":1,"minInSync":2}}}`,
    /replication\.x/,
  ],
])('says what is wrong with %s', async (text, fault) => {
  const file = join(folder, 'topics.json');
  await writeFile(file, text);
  expect(() => readTopicSettings(file)).toThrow(fault);
});
