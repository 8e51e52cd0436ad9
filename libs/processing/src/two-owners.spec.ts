import { describe, expect, it } from '@jest/globals';
import { START } from '@rapport/kernel';
import { InMemoryReadModelStore } from '@rapport/read-models';
import fc from 'fast-check';
import { accounts, storeOf } from './fakes/accounts.js';
import { histories } from './fakes/histories.js';
import { interleaved } from './fakes/interleaved-store.js';
import { cleanResult, pagesOf, passes, resultOf } from './fakes/passes.js';
import { Projector } from './projector.js';

const owner = fc.record({
  pageSize: fc.integer({ min: 1, max: 7 }),
  /** Turns after which it is killed. */
  life: fc.nat(300),
  /** Turns that it stands still before it begins. */
  late: fc.nat(30),
});

/** Few days and branches, so that many accounts share a cell. */
const crowded = histories.map((steps) =>
  steps.map((step) => ({
    ...step,
    day: Math.floor(step.day / 14),
    ...('branch' in step ? { branch: step.branch < 'b' ? 'a' : 'b' } : {}),
  })),
);

describe('owners who do not know of each other', () => {
  it('come to what one alone comes to, in documents and cells, whoever reads and writes when', () =>
    fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        crowded,
        fc.array(owner, { minLength: 2, maxLength: 3 }),
        async (scheduler, steps, owners) => {
          const events = await storeOf(steps);
          // Read beforehand: whoever waits for the event store misses turns.
          const all = (await pagesOf(events, START, 500)).flatMap((page) => page.events);
          const store = new InMemoryReadModelStore();
          const own = async ({ pageSize, life, late }: (typeof owners)[number]): Promise<void> => {
            let left = late + life;
            const turn = async (): Promise<void> => {
              await scheduler.schedule(Promise.resolve());
              if ((left -= 1) < 0) throw new Error('killed');
            };
            for (let waits = 0; waits < late; waits += 1) await turn();
            const projector = await Projector.open(interleaved(store, turn), accounts, 'one');
            const after = await projector.checkpoint.load();
            const due = all.filter(({ position }) => position > after);
            for (let at = 0; at < due.length; at += pageSize) {
              const given = due.slice(at, at + pageSize);
              await projector.handle({ events: given, position: given.at(-1)!.position, caughtUp: false });
            }
          };
          await scheduler.waitFor(Promise.allSettled(owners.map(own)));
          await passes(events, store, 500);
          expect(await resultOf(store)).toEqual(await cleanResult(events));
        },
      ),
      { numRuns: 150 },
    ));
});
