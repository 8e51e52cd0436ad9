import { BACKWARDS, END } from '@eventstore/db-client';
import { StoreUnavailable, WrongExpectedRevision } from '@rapport/event-store';
import { newId } from '@rapport/kernel';
import { accessDenied, appendedBy } from './append-answer.js';
import { encodedEvents } from './encoded-event.js';
import { isDenied, isMissing, isUnknownUser } from './client-failure.js';
import type { EventStoreDbParts } from './event-store-db-parts.js';
import type { Link } from './link.js';
import { ReadCall } from './read-call.js';
import { within } from './waiting.js';

/** Nobody's stream. */
const PROBE = 'probe-rapport-rights';
const LONGEST_QUESTION = 5_000;

/**
 * Asks the server, once and without waiting for better times, for everything that a service needs: to write and to read
 * streams, and to read all of them together, without which every write is taken and no view ever changes.
 * @throws AccessRefused naming the right that is missing
 * @throws StoreUnavailable with the reason, when the server cannot be asked
 */
export const proveRights = async (parts: EventStoreDbParts): Promise<void> => {
  const link = parts.commands.take();
  try {
    await within(LONGEST_QUESTION, link.features());
    await proveReading(parts, link);
    await proveReadingAll(parts, link);
    await proveWriting(parts, link);
  } catch (failure) {
    if (failure instanceof StoreUnavailable) throw failure;
    parts.commands.replace(link);
    if (isUnknownUser(failure)) throw accessDenied('connect', failure);
    throw new StoreUnavailable(`EventStoreDB cannot be asked: ${reasonOf(failure)}`, failure);
  } finally {
    parts.commands.release(link);
  }
};

const proveReading = ({ namespace, closing }: EventStoreDbParts, { client }: Link): Promise<void> => {
  const read = client.readStream(namespace.outside(PROBE), { direction: BACKWARDS, fromRevision: END, maxCount: 1 });
  return proved('read streams', new ReadCall(read, closing));
};

const proveReadingAll = ({ closing }: EventStoreDbParts, { client }: Link): Promise<void> => {
  const read = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
  return proved(
    `read all streams together ($all): its readRoles must name the user or one of its groups, as ` +
      `setStreamMetadata('$all', { acl: { readRoles: ['$admins', 'rapport'] } }) does`,
    new ReadCall(read, closing),
  );
};

const proved = async (right: string, call: ReadCall<unknown>): Promise<void> => {
  try {
    await call.more();
  } catch (failure) {
    if (isDenied(failure)) throw accessDenied(right, failure);
    if (!isMissing(failure)) throw failure;
  } finally {
    call.close();
  }
};

/** Rights are looked at first: what expects a revision that cannot be there is refused for that, and nothing is written. */
const proveWriting = async ({ namespace }: EventStoreDbParts, link: Link): Promise<void> => {
  const stream = link.appends ?? (await within(LONGEST_QUESTION, link.connect()));
  const metadata = { tenant: 'rapport', actor: { kind: 'system', id: 'rapport' } } as never;
  const events = encodedEvents([{ id: newId(), type: 'Probe', data: {}, metadata }]);
  const answer = await stream.append({ name: namespace.outside(PROBE), events, expected: 1 }, LONGEST_QUESTION);
  try {
    appendedBy(answer, PROBE, 1);
  } catch (failure) {
    if (!(failure instanceof WrongExpectedRevision)) throw failure;
  }
};

/** gRPC says first what it thinks of it and last what happened. */
const reasonOf = (failure: unknown): string => {
  const message = failure instanceof Error ? failure.message : String(failure);
  const [, last] = /Last error: (?:Error: )?(.*?)(?:\. Resolution note|$)/s.exec(message) ?? [];
  return last ?? message;
};
