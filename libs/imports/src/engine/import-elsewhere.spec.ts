import { expect, it } from '@jest/globals';
import { FollowersElsewhere, noOwnership, soleOwnership } from '@rapport/processing';
import { companyStates } from '../fakes/companies.js';
import { callOfAda, newDisk, openWorkbench, TENANT, userOf } from '../fakes/workbench.js';

const NOBODY = { tell: () => undefined, goneOver: async () => undefined };

/** Two of one service: one takes calls, the other runs imports. */
const openTwo = async () => {
  const disk = newDisk();
  const elsewhere = new FollowersElsewhere(() => Promise.reject(new Error('Not in this test.')));
  const door = await openWorkbench(disk, { rowsPerCheckpoint: 4, ownership: noOwnership(elsewhere) });
  const runs = await openWorkbench(disk, { rowsPerCheckpoint: 4, ownership: soleOwnership(NOBODY) });
  await door.engine.resume();
  await runs.engine.resume();
  return { disk, door, runs };
};

it('is canceled and reverted elsewhere with rows in hand: they count, and are taken back as well', async () => {
  const { disk, door, runs } = await openTwo();
  const user = userOf(door);
  const rows = Array.from({ length: 12 }, (_, n) => `Company ${n},tech\n`);
  const id = await user.upload(`company,sector\n${rows.join('')}`);
  const { target } = runs.engine.parts.kinds[0]!;
  const apply = target.apply.bind(target);
  const inHand = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  let applied = 0;
  target.apply = async (order) => {
    applied += 1;
    if (applied === 5) inHand.resolve();
    if (applied >= 5) await release.promise;
    return apply(order);
  };
  const call = callOfAda();
  await door.api.runImport({ kind: 'companies', id }, call);
  await inHand.promise;
  expect((await door.api.cancelImport({ kind: 'companies', id }, call)).state).toBe('canceled');
  await door.api.revertImport({ kind: 'companies', id }, call);
  release.resolve();
  const reverted = async () => {
    for (;;) {
      await runs.engine.runner.settled({ tenant: TENANT, id });
      const { state, counts } = await user.get(id);
      if (state === 'reverted') return counts;
      await new Promise(setImmediate);
    }
  };
  expect(await reverted()).toMatchObject({ created: 8, restored: 8, kept: 0 });
  expect([...(await companyStates(disk.events)).values()].every((state) => state?.archived !== false)).toBe(true);
  expect(applied).toBe(8);
  await Promise.all([door, runs].map((each) => each.close()));
});
