import { describe, expect, it } from '@jest/globals';
import { goldenAggregates } from './golden-aggregates.js';
import { type GoldenEvent, goldenHistory, produced, reads } from './golden-events.js';

const table = goldenAggregates.map(
  (golden) => [`${golden.context} / ${golden.aggregate} ${golden.kind ?? ''}`.trim(), golden] as const,
);

describe.each(table)('stored events of %s', (_, golden) => {
  const { versions } = golden;

  it('are today what they were when their version was made', async () => {
    const { events } = await goldenHistory(golden, versions.at(-1)!);
    expect(comparable(await produced(golden))).toEqual(comparable(events));
  });

  it.each(versions)('are still read as then in version %i', async (version) => {
    const then = await goldenHistory(golden, version);
    const now = await reads(golden, then.events);
    // A later version may say more than an earlier one did, and nothing else.
    if (version === versions.at(-1)) expect(saying(now)).toEqual(saying(then.reads));
    else expect(now).toMatchObject(then.reads);
  });
});

/** Without lists that are empty: a field that has come since says nothing of what was stored before. */
const saying = (read: unknown): unknown =>
  JSON.parse(
    JSON.stringify(read, (_, value: unknown) => (Array.isArray(value) && value.length === 0 ? undefined : value)),
  );

/** Events get a new id in every run; which one is undone is told by its revision as well. */
const comparable = (events: readonly GoldenEvent[]): unknown =>
  JSON.parse(
    JSON.stringify(events, (key, value: { revision: number }) =>
      key === 'undone' ? { ...value, eventId: `<of revision ${value.revision}>` } : value,
    ),
  );
