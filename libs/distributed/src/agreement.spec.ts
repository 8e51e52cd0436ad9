import { beforeEach, expect, it, jest } from '@jest/globals';
import type { Announced } from '@rapport/mongo';
import { joinInstallation, type Presence, type Register } from './agreement.js';

let there: Map<string, Announced>;
let said: string[];
let ending: (() => Promise<void>)[];
let presence: Presence;

beforeEach(() => {
  there = new Map();
  said = [];
  ending = [];
  const register: Register = {
    announce: async (own) => {
      there.set(own.process, own);
      return [...there.values()].filter(({ process }) => process !== own.process);
    },
    leave: async (process) => void there.delete(process),
  };
  const logger = { warn: (message: string) => void said.push(message) };
  presence = { register, logger, atEnd: (step) => void ending.push(step) };
});

const set = (process: string, zone: string): Announced => ({ process, settings: { RAPPORT_TIME_ZONE: zone } });

it('lets in whoever is set to the same, and forgets who leaves', async () => {
  await joinInstallation(set('sales@a/1', 'UTC'), presence);
  await joinInstallation(set('sales@b/1', 'UTC'), presence);
  expect([...there.keys()]).toEqual(['sales@a/1', 'sales@b/1']);
  for (const end of ending) await end();
  expect(there.size).toBe(0);
});

it('refuses whoever is set to something else, in one sentence with the way out', async () => {
  await joinInstallation(set('sales@a/1', 'UTC'), presence);
  await expect(joinInstallation(set('contacts@b/1', 'Europe/Berlin'), presence)).rejects.toMatchObject({
    code: 'settings-differ',
    message:
      'RAPPORT_TIME_ZONE is Europe/Berlin here and UTC in sales@a/1, which runs. Set it alike in every process; to change it, stop those that are set otherwise first.',
  });
  expect([...there.keys()]).toEqual(['sales@a/1']);
  for (const end of ending) await end();
  await joinInstallation(set('contacts@b/1', 'Europe/Berlin'), presence);
  await ending.at(-1)!();
});

it('says so where another one comes all the same', async () => {
  jest.useFakeTimers();
  await joinInstallation(set('sales@a/1', 'UTC'), presence);
  there.set('sales@b/1', set('sales@b/1', 'Asia/Tokyo'));
  await jest.advanceTimersByTimeAsync(5_000);
  jest.useRealTimers();
  expect(said).toEqual([expect.stringContaining('UTC here and Asia/Tokyo in sales@b/1')]);
  await ending.at(-1)!();
});
