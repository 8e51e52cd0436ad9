import { describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { InMemoryBookkeeping, InMemoryEventStore, OutcomeUnknown, StoreUnavailable } from '@rapport/event-store';
import type { NewEvent } from '@rapport/kernel';
import fc from 'fast-check';
import type { ExternalEvent } from './external-event.js';
import { copyStream, deposit, eventsOf, TENANT } from './fakes/bank.js';
import { Inbox } from './inbox.js';

/** A record's history at its source, as it may be heard. */
const historyOf = (record: string, length: number): readonly ExternalEvent[] =>
  Array.from({ length }, (_, revision) => ({
    place: { context: 'bank', epoch: 0, aggregate: 'account', tenant: TENANT, record, revision },
    event: deposit(revision),
  }));

/** Fails now and then, having written or not. */
class MoodyStore extends InMemoryEventStore {
  constructor(private readonly moods: ('fine' | 'away' | 'answer lost')[]) {
    super();
  }

  override async append(...given: Parameters<InMemoryEventStore['append']>) {
    const mood = this.moods.shift() ?? 'fine';
    if (mood === 'away') throw new StoreUnavailable('away');
    const appended = await super.append(...given);
    if (mood === 'answer lost') throw new OutcomeUnknown(given[0], undefined);
    return appended;
  }
}

const persistently = async (inbox: Inbox, events: readonly ExternalEvent[]): Promise<void> => {
  for (;;) {
    try {
      return await inbox.take(events);
    } catch (failure) {
      if (!(failure instanceof StoreUnavailable || failure instanceof OutcomeUnknown)) throw failure;
    }
  }
};

const idsOf = (events: readonly { readonly id: string }[]): readonly string[] => events.map(({ id }) => id);
const expectEqual = async (store: InMemoryEventStore, histories: readonly (readonly ExternalEvent[])[]) => {
  for (const [n, history] of histories.entries()) {
    expect(idsOf(await eventsOf(store, copyStream(`r${n}`)))).toEqual(
      history.map(({ event }: { event: NewEvent }) => event.id),
    );
  }
};

const moods = fc.array(fc.constantFrom('fine' as const, 'away' as const, 'answer lost' as const), { maxLength: 30 });
const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 });

describe('an inbox', () => {
  it('has each record as its source has it, however often and by whomever its history is brought', async () => {
    /** How far each record's reader goes back before it brings the next part, and how large that is. */
    const portions = fc.array(fc.tuple(fc.nat(3), fc.nat(5), fc.integer({ min: 1, max: 6 }), fc.nat(1)), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(lengths, portions, moods, async (sizes, parts, store) => {
        const events = new MoodyStore(store);
        const books = new InMemoryBookkeeping();
        // A rebalance: two of them at once.
        const inboxes = [new Inbox(events, books), new Inbox(events, books)];
        const histories = sizes.map((size, n) => historyOf(`r${n}`, size));
        const next = sizes.map(() => 0);
        let before: Promise<void> = Promise.resolve();
        for (const [which, back, size, by] of parts) {
          const record = which % sizes.length;
          const from = Math.max(0, next[record]! - back);
          const portion = histories[record]!.slice(from, from + size);
          next[record] = Math.max(next[record]!, from + size);
          if (by === 0) await before;
          const taken = persistently(inboxes[by]!, portion);
          // Side by side only with what repeats something, as when a partition changes hands.
          if (from + size <= next[record] - size) before = taken;
          else await taken;
        }
        await before;
        for (const history of histories) await persistently(inboxes[0]!, history);
        await expectEqual(events, histories);
        expect(await inboxes[0]!.broken.list(everythingOf(TENANT))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('has a beginning of each record when something got lost, says which are broken, and is mended by hearing them again', async () => {
    const lost = fc.array(fc.boolean(), { minLength: 48, maxLength: 48 });
    await fc.assert(
      fc.asyncProperty(lengths, lost, moods, async (sizes, isLost, store) => {
        const events = new MoodyStore(store);
        const inbox = new Inbox(events, new InMemoryBookkeeping());
        const histories = sizes.map((size, n) => historyOf(`r${n}`, size));
        let at = 0;
        for (const history of histories) {
          for (const event of history) if (!isLost[at++]) await persistently(inbox, [event]);
        }
        const broken = new Map((await inbox.broken.list(everythingOf(TENANT))).map((each) => [each.id, each]));
        for (const [n, history] of histories.entries()) {
          const kept = await eventsOf(events, copyStream(`r${n}`));
          expect(idsOf(kept)).toEqual(history.slice(0, kept.length).map(({ event }) => event.id));
          const mark = broken.get(copyStream(`r${n}`));
          if (mark) expect(mark).toMatchObject({ revision: kept.length });
          else await persistently(inbox, history.slice(kept.length));
        }
        for (const history of histories) await persistently(inbox, history);
        await expectEqual(events, histories);
        expect(await inbox.broken.list(everythingOf(TENANT))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
