import { expect, it } from '@jest/globals';
import { FetchesUnderWay } from './fetches-under-way.js';

it('is over once those that were under way are, whatever began later', async () => {
  const fetches = new FetchesUnderWay();
  expect(fetches.over).toBeUndefined();
  fetches.started(1);
  fetches.started(2);
  const over = fetches.over!;
  fetches.finished(1);
  fetches.started(1);
  fetches.started(2);
  await over;
  expect(fetches.over).toBeDefined();
  fetches.finished(1);
  fetches.finished(2);
  expect(fetches.over).toBeUndefined();
});
