import { partsOf, prefixOf, streamName } from '@rapport/event-store';
import { importDecider } from '@rapport/imports';
import type { RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { account } from '../domain/account/account.js';
import { contact } from '../domain/contact/contact.js';
import type { DuplicateEvent } from '../domain/duplicate/duplicate.events.js';
import { duplicate, type DuplicateState, type PairedKind, recordsOf } from '../domain/duplicate/duplicate.js';
import { callAfter } from '../duplicates/duplicate-scans.js';
import { FoundPairs } from '../duplicates/found-pairs.js';
import { matchedKind } from '../duplicates/kinds.js';
import { duplicates } from '../records/duplicates.js';

const REACH_MILLISECONDS = 60_000;

/** What says nothing about whether two look like one. */
const BESIDES: ReadonlySet<string> = new Set(['ContactHoldPlaced', 'ContactHoldLifted']);

export const FIND_DUPLICATES = 'find-duplicates';

/**
 * What is new or changes comes into the queue of duplicates, and leaves it. Rows of an import do not: one scan at its end costs
 * less than a hundred thousand looks around.
 */
export const findDuplicates = (provided: Provided): Reaction => ({
  name: FIND_DUPLICATES,
  prefixes: [contact, account, duplicate].map(({ aggregate }) => prefixOf(aggregate)),
  types: [
    ...Object.keys({ ...contact.events, ...account.events }).filter((type) => !BESIDES.has(type)),
    'DuplicateReopened' satisfies DuplicateEvent['type'],
  ],
  react: async (event) => {
    const runtime: ServiceRuntime = provided(RUNTIME);
    if (await isRow(event, runtime)) return 'done';
    const { kind: name, recordId } = await recordOf(event, runtime);
    const kind = matchedKind(name);
    await runtime.projection(kind.list).reach(event.position, REACH_MILLISECONDS);
    // What was found of it a moment ago may have to be let go of.
    if (event.revision > 0)
      await runtime.projection(duplicates).reach(await runtime.engines.events.end(), REACH_MILLISECONDS);
    await provided(FoundPairs).look(kind, recordId, callAfter(event));
    return 'done';
  },
});

/** Whether an import of this context made the event; one of another context may ask for an account, and no scan follows it. */
const isRow = async ({ metadata: { actor, tenant } }: RecordedEvent, { events }: ServiceRuntime): Promise<boolean> => {
  if (actor.kind !== 'import') return false;
  for await (const _ of events.read(streamName(importDecider.aggregate, tenant, actor.id), { limit: 1 })) return true;
  return false;
};

/** Which record is to be looked at because of an event. */
const recordOf = async (
  { stream }: RecordedEvent,
  { events }: ServiceRuntime,
): Promise<{ readonly kind: PairedKind; readonly recordId: string }> => {
  const { aggregate, id } = partsOf(stream);
  if (aggregate !== duplicate.aggregate) return { kind: aggregate as PairedKind, recordId: id };
  let state: DuplicateState = null;
  for await (const event of events.read(stream)) state = duplicate.evolve(state, event as unknown as DuplicateEvent);
  return recordsOf(state!);
};
