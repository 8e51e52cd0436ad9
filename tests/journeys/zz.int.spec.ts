import { expect, it } from '@jest/globals';
import { Import, Rapport, eventually } from './support/index.js';
it('smokes', async () => {
  await using rapport = await Rapport.start();
  const { api } = rapport;
  const csv = 'name\r\n' + Array.from({ length: 20000 }, (_, i) => `Company ${i}\r\n`).join('');
  const imp = await Import.of(api, 'accounts', csv);
  await api.post(`${imp.path}:run`);
  const seen: string[] = [];
  await eventually(
    () => imp.view(),
    ({ state, counts }) => {
      seen.push(`${state} ${counts!.processed}/${counts!.rows}`);
      return state === 'done';
    },
  );
  console.log(seen.length, [...new Set(seen)].join('; '));
  expect(1).toBe(1);
});
