import { createHash } from 'node:crypto';
import type { MessageBus, OutgoingMessage } from '@rapport/message-bus';
import { OwnedFollower } from '../owned-follower.js';
import { relay } from '../relay.js';
import { BusListener } from './bus-listener.js';
import { messageOf } from './event-message.js';
import { Progress } from '../progress.js';
import {
  listenerName,
  type Exchange,
  type Listener,
  type Listening,
  type Publication,
  type Source,
} from './exchange.js';

/** Messages that are published at once when a stream is published again. */
const AT_ONCE = 100;

/**
 * Contexts in processes of their own: a relay publishes, listeners are consumer groups.
 * @param listens false where other processes of the context do
 */
export const busExchange = (bus: MessageBus, listens = true): Exchange => ({
  publish: (source) => publication(bus, source),
  listen: (listening) =>
    listens ? new BusListener(bus, groupOf(listening), listening) : listenedElsewhere(listening.from),
});

/** What it brings in shows in the store. */
const listenedElsewhere = (from: string): Listener => ({
  progress: Object.assign(new Progress(listenerName(from)), { caughtUp: true }),
  lease: undefined,
  start: async () => undefined,
  stop: async () => undefined,
  caughtUp: async () => undefined,
});

/**
 * The consumer group of a context's inbox, `sales.inbox.contacts.<digest of the aggregates>`: to listen to more is to be
 * another group, which begins with the oldest message.
 */
export const groupOf = ({ context, from, aggregates }: Pick<Listening, 'context' | 'from' | 'aggregates'>): string =>
  `${context}.inbox.${from}.${digestOf(aggregates)}`;

/** The same for the same aggregates, in whatever order they are named. */
export const digestOf = (aggregates: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(aggregates.toSorted())).digest('hex').slice(0, 12);

const publication = (bus: MessageBus, source: Source): Publication => {
  const relaying = new OwnedFollower(source.ownership, relay(source, bus));
  return {
    relay: relaying,
    reach: (position, milliseconds) => relaying.progress.reach(position, milliseconds),
    again: (stream) => publishAgain(bus, source, stream),
  };
};

/** Beside the relay, from whichever process was asked: whoever listens takes each event by its place, not by when it comes. */
const publishAgain = async (bus: MessageBus, { publishing, sealedEvents, epoch }: Source, stream: string) => {
  const current = await epoch();
  let messages: OutgoingMessage[] = [];
  let published = 0;
  const send = async (): Promise<void> => {
    if (messages.length > 0) await bus.publish(messages);
    published += messages.length;
    messages = [];
  };
  for await (const event of sealedEvents.read(stream)) {
    messages.push(messageOf(publishing, event, current));
    if (messages.length === AT_ONCE) await send();
  }
  await send();
  return published;
};
