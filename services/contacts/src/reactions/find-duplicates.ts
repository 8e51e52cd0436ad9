import { partsOf, prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { contact } from '../domain/contact/contact.js';
import type { DuplicateEvent } from '../domain/duplicate/duplicate.events.js';
import { duplicate, type DuplicateState } from '../domain/duplicate/duplicate.js';
import { callAfter } from '../duplicates/duplicate-scans.js';
import { FoundPairs } from '../duplicates/found-pairs.js';
import { people } from '../duplicates/people.js';
import { duplicates } from '../records/duplicates.js';

const REACH_MILLISECONDS = 60_000;

/** What says nothing about whether two look like one. */
const BESIDES: ReadonlySet<string> = new Set(['ContactHoldPlaced', 'ContactHoldLifted']);

export const FIND_DUPLICATES = 'find-duplicates';

/**
 * Whoever is new or changes comes into the queue of duplicates, and leaves it. Rows of an import do not: one scan at its end costs
 * less than a hundred thousand looks around.
 */
export const findDuplicates = (provided: Provided): Reaction => ({
  name: FIND_DUPLICATES,
  prefixes: [prefixOf(contact.aggregate), prefixOf(duplicate.aggregate)],
  types: [
    ...Object.keys(contact.events).filter((type) => !BESIDES.has(type)),
    'DuplicateReopened' satisfies DuplicateEvent['type'],
  ],
  react: async (event) => {
    if (event.metadata.actor.kind === 'import') return 'done';
    const runtime: ServiceRuntime = provided(RUNTIME);
    const id = await recordOf(event, runtime);
    if (id === undefined) return 'done';
    await runtime.projection(people.list).reach(event.position, REACH_MILLISECONDS);
    // What was found of it a moment ago may have to be let go of.
    if (event.revision > 0)
      await runtime.projection(duplicates).reach(await runtime.engines.events.end(), REACH_MILLISECONDS);
    await provided(FoundPairs).look(people, id, callAfter(event));
    return 'done';
  },
});

/** Which record is to be looked at because of an event. */
const recordOf = async ({ stream }: RecordedEvent, { events }: ServiceRuntime): Promise<string | undefined> => {
  const { aggregate, id } = partsOf(stream);
  if (aggregate !== duplicate.aggregate) return id;
  let state: DuplicateState = null;
  for await (const event of events.read(stream)) state = duplicate.evolve(state, event as unknown as DuplicateEvent);
  return state?.contactId;
};
