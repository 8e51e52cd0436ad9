import { ErrorType, isCommandError } from '@eventstore/db-client';
import { nameIn, partsOf, type RemovedStreams } from '@rapport/event-store';
import { START } from '@rapport/kernel';
import { isLost } from './client-failure.js';
import type { EventStoreDbParts } from './event-store-db-parts.js';
import { Follower } from './follower.js';
import { Patience } from './patience.js';
import { within } from './waiting.js';

const LONGEST_TOMBSTONE = 10_000;

/**
 * Puts a tombstone on each of a tenant's streams: nobody reads one any more, and nobody writes to it. What lay in them is given to
 * followers of all streams until the server is scavenged, which alone takes it from the disk; the tombstone stays.
 */
export const removeStreams = async (
  parts: EventStoreDbParts,
  tenant: string,
  kept: readonly string[],
): Promise<RemovedStreams> => {
  const { streams, events } = await streamsOf(parts, tenant, kept);
  for (const stream of streams) await bury(parts, stream);
  return { streams: streams.size, events };
};

const streamsOf = async (parts: EventStoreDbParts, tenant: string, kept: readonly string[]) => {
  const streams = new Set<string>();
  let events = 0;
  const enough = new AbortController();
  const everything = { prefixes: [], after: START, signal: enough.signal };
  for await (const page of new Follower(parts, everything).pages()) {
    for (const { stream } of page.events) {
      const { aggregate, tenant: owner } = partsOf(stream);
      if (owner !== tenant || kept.includes(nameIn(aggregate))) continue;
      streams.add(stream);
      events += 1;
    }
    if (page.caughtUp) enough.abort();
  }
  return { streams, events };
};

const bury = async (parts: EventStoreDbParts, stream: string): Promise<void> => {
  const { commands, namespace } = parts;
  const patience = new Patience(parts, stream);
  for (;;) {
    const link = commands.take();
    try {
      return void (await within(LONGEST_TOMBSTONE, link.client.tombstoneStream(namespace.outside(stream))));
    } catch (failure) {
      if (isBuried(failure)) return;
      if (isLost(failure)) commands.replace(link);
      await patience.afterFailure(failure);
    } finally {
      commands.release(link);
    }
  }
};

const isBuried = (failure: unknown): boolean =>
  failure instanceof Error && isCommandError(failure) && failure.type === ErrorType.STREAM_DELETED;
