import { describe, expect, it } from '@jest/globals';
import { contactsGolden } from './contacts.golden.js';
import { salesGolden } from './sales.golden.js';
import { goldenHistory, produced, reads, type GoldenAggregate } from './golden-events.js';

/** A service plugs in by its list; a new version of an event is a new file beside the old one, which stays readable. */
const table: readonly (readonly [name: string, golden: GoldenAggregate, versions: readonly number[]])[] = [
  ...contactsGolden,
  ...salesGolden,
].map((golden) => [`${golden.context} / ${golden.aggregate}`, golden, [1]]);

describe.each(table)('stored events of %s', (_, golden, versions) => {
  it('are today what they were when their version was made', async () => {
    const { events } = await goldenHistory(golden, versions.at(-1)!);
    expect(JSON.parse(JSON.stringify(await produced(golden)))).toEqual(events);
  });

  it.each(versions)('are still read as then in version %i', async (version) => {
    const golden_ = await goldenHistory(golden, version);
    expect(await reads(golden, golden_.events)).toEqual(golden_.reads);
  });
});
