import { CommandBus } from '@nestjs/cqrs';
import { beforeEach, expect, it } from '@jest/globals';
import { newId, positionOf } from '@rapport/kernel';
import { FactsExchange } from '@rapport/processing';
import { InMemoryReadModelStore } from '@rapport/read-models';
import { RunCommand, type Step } from '../commands/run-command.js';
import type { Engines } from '../engines.js';
import { boat, by, harbour, moduleOf, yard } from './fakes/harbour-and-yard.js';
import { emptyDisk, enginesOf, Life, type Disk } from './fakes/mortal-engines.js';
import { startInProcess } from './start-service.js';

let disks: { harbour: Disk; yard: Disk };
let readModels: InMemoryReadModelStore;
beforeEach(async () => {
  disks = { harbour: emptyDisk(), yard: emptyDisk() };
  readModels = new InMemoryReadModelStore();
  await live({ write: true });
});

const create = {
  name: 'WriteBoat',
  input: 'Ada',
  decide: (state: never, at: never) => boat.decide.create(state, { name: 'Ada' }, at),
} as unknown as Step<unknown, never>;

/** Both run until everything is heard, shown and done. */
const live = async ({ write = false, ...given }: Partial<Engines> & { readonly write?: boolean }): Promise<void> => {
  const exchange = new FactsExchange();
  const of = (disk: Disk): Engines => ({ ...enginesOf(disk, new Life(), exchange), ...given });
  const source = await startInProcess(moduleOf(harbour, of(disks.harbour)));
  try {
    const order = new RunCommand({ decider: boat as never, id: newId(), steps: [create], call: by() });
    if (write) await source.nest.get(CommandBus).execute(order);
    const listening = await startInProcess(moduleOf(yard, { ...of(disks.yard), readModels }));
    await listening.runtime.settled();
    await listening.runtime.reacted('keep-berths').reachEnd();
    await listening.close();
  } finally {
    await source.close();
  }
};

it('goes on where nothing was lost', async () => {
  await expect(live({ write: true })).resolves.toBeUndefined();
});

it.each([
  [
    'a view has seen more',
    'yard',
    'boat_names@',
    async () => {
      disks.yard = { ...disks.yard, events: emptyDisk().events };
    },
  ],
  [
    'a reaction has seen more',
    'yard',
    'keep-berths',
    async () => {
      readModels = new InMemoryReadModelStore();
      await disks.yard.books.saveCheckpoint('keep-berths', positionOf(10n ** 15n));
    },
  ],
  [
    'another context has heard more',
    'harbour',
    'yard \\(inbox:harbour\\)',
    async () => {
      disks.harbour = { ...emptyDisk(), books: disks.harbour.books };
    },
  ],
])('refuses to start where facts are missing of which %s', async (_, context, who, lose) => {
  await lose();
  await expect(live({})).rejects.toMatchObject({
    code: 'facts-behind',
    message: expect.stringMatching(
      new RegExp(`^The facts of ${context} end before what ${who}\\S* has seen of them: .*`),
    ),
  });
});

it('hears everything anew under a higher epoch', async () => {
  disks.harbour = emptyDisk();
  await expect(live({ write: true, epoch: 1 })).resolves.toBeUndefined();
});
