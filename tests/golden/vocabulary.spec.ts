import { beforeAll, describe, expect, it } from '@jest/globals';
import { versionOf } from '@rapport/kernel';
import { goldenAggregates } from './golden-aggregates.js';
import { goldenHistory } from './golden-events.js';
import { goldenFiles, lockCommitted, lockToday, vocabularies, writeLock, writeTold } from './vocabulary.js';

const CHANGED = [
  'What an aggregate stores, is told, keeps about people, or makes of its history is not what the lock file says.',
  'A changed event needs a new version: an upcast beside it, and a golden file of that version.',
  'Where the change is meant (a new event, command or field, a new fold), write the lock file anew and commit it:',
  'RAPPORT_WRITE_GOLDEN=1 npm run test:only -- tests/golden',
].join('\n');

beforeAll(async () => {
  if (!process.env['RAPPORT_WRITE_GOLDEN']) return;
  await writeTold();
  for (const golden of goldenAggregates) for (const version of golden.versions) await goldenHistory(golden, version);
  await writeLock(await lockToday());
});

describe.each(vocabularies.map((each) => [`${each.context}/${each.aggregate}`, each] as const))(
  '%s',
  (_, vocabulary) => {
    it('has every version of every event in a golden file', () => {
      const golden = new Set(
        goldenFiles(vocabulary).flatMap(({ events }) =>
          events.map(({ type, schemaVersion }) => `${type} ${schemaVersion}`),
        ),
      );
      const wanted = Object.keys(vocabulary.events).flatMap((type) =>
        Array.from({ length: versionOf(vocabulary.events, type) }, (_, n) => `${type} ${n + 1}`),
      );
      expect([...golden].sort()).toEqual(wanted.sort());
    });
  },
);

it('the vocabulary is the one that is locked', async () => {
  const today = await lockToday();
  const committed = lockCommitted();
  const changed = Object.keys({ ...committed, ...today }).filter(
    (name) => JSON.stringify(today[name]) !== JSON.stringify(committed[name]),
  );
  if (changed.length > 0) throw new Error(`${changed.join(', ')} changed. ${CHANGED}`);
  expect(today).toEqual(committed);
});
