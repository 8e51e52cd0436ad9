import { everythingOf } from '@rapport/access';
import { partsOf, prefixOf, streamName } from '@rapport/event-store';
import { importDecider } from '@rapport/imports';
import type { RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { account } from '../domain/account/account.js';
import { contact } from '../domain/contact/contact.js';
import type { DuplicateEvent } from '../domain/duplicate/duplicate.events.js';
import { duplicate, type DuplicateState, type PairedKind, recordsOf } from '../domain/duplicate/duplicate.js';
import { callAfter, DuplicateScans } from '../duplicates/duplicate-scans.js';
import { FoundPairs } from '../duplicates/found-pairs.js';
import { matchedKind } from '../duplicates/kinds.js';
import type { MatchedKind } from '../duplicates/matched-kind.js';
import { duplicates } from '../records/duplicates.js';

const REACH_MILLISECONDS = 60_000;

/** An event of before this may have been compared by a scan since. */
const BEHIND_MILLISECONDS = 60_000;

export const FIND_DUPLICATES = 'find-duplicates';

/**
 * What is new or changes comes into the queue of duplicates, and leaves it. Rows of an import do not: one scan at its end costs
 * less than a hundred thousand looks around.
 */
export const findDuplicates = (provided: Provided, isRow = rowsOfImports()): Reaction => ({
  name: FIND_DUPLICATES,
  prefixes: [contact, account, duplicate].map(({ aggregate }) => prefixOf(aggregate)),
  types: [
    ...Object.keys({ ...contact.events, ...account.events }),
    'DuplicateReopened' satisfies DuplicateEvent['type'],
  ],
  react: async (event) => {
    const runtime: ServiceRuntime = provided(RUNTIME);
    if ((await isRow(event, runtime)) || (await isScanned(event, provided))) return 'done';
    const { kind: name, recordId } = await recordOf(event, runtime);
    const kind = matchedKind(name);
    await runtime.projection(kind.list).reach(event.position, REACH_MILLISECONDS);
    if (await isPast(event, kind, recordId, runtime)) return 'done';
    // What was found of it a moment ago may have to be let go of.
    if (event.revision > 0)
      await runtime.projection(duplicates).reach(await runtime.engines.events.end(), REACH_MILLISECONDS);
    await provided(FoundPairs).look(kind, recordId, callAfter(event));
    return 'done';
  },
});

/** Whether an import of this context made an event; one of another context may ask for an account, and no scan follows it. */
const rowsOfImports = (): ((event: RecordedEvent, runtime: ServiceRuntime) => Promise<boolean>) => {
  // Rows of one come one after the other.
  let known = { stream: '', isHere: false };
  return async ({ metadata: { actor, tenant } }, { events }) => {
    if (actor.kind !== 'import') return false;
    const stream = streamName(importDecider.aggregate, tenant, actor.id);
    if (known.stream !== stream) {
      const head = await Array.fromAsync(events.read(stream, { limit: 1 }));
      known = { stream, isHere: head.length > 0 };
    }
    return known.isHere;
  };
};

/** Whether a scan has come by since, as where all events of years are seen for the first time. */
const isScanned = async ({ recordedAt, metadata }: RecordedEvent, provided: Provided): Promise<boolean> => {
  const now = provided<ServiceRuntime>(RUNTIME).engines.clock.now();
  if (now.getTime() - Date.parse(recordedAt) < BEHIND_MILLISECONDS) return false;
  const begun = await new DuplicateScans(provided).begun(metadata.tenant);
  return begun !== undefined && begun.isFinished && begun.at > recordedAt;
};

/** Whether the record has changed again: then that event is the one to look at it for. */
const isPast = async (
  { stream, revision, metadata: { tenant } }: RecordedEvent,
  { list }: MatchedKind,
  recordId: string,
  runtime: ServiceRuntime,
): Promise<boolean> => {
  if (partsOf(stream).aggregate === duplicate.aggregate) return false;
  const record = await runtime.projection(list).documents.get(everythingOf(tenant), recordId);
  return record !== undefined && record.revision > revision;
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
