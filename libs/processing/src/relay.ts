import { prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import { Fenced, type MessageBus, type OutgoingMessage, type Publisher } from '@rapport/message-bus';
import {
  ATTRIBUTES,
  currentTraceparent,
  meter,
  METRICS,
  SPANS,
  tracer,
  withRemoteParent,
} from '@rapport/observability';
import { checkpointBeside, type Checkpoint } from './checkpoint.js';
import { messageOf } from './exchange/event-message.js';
import type { Source } from './exchange/exchange.js';
import { Follower, FollowerDisplaced } from './follower.js';
import { topicOf } from './publishing.js';

const published = meter.counter(METRICS.published);

/**
 * Publishes a context's events on its topic: the event store is the outbox, the checkpoint follows the bus. The publisher
 * is opened before the checkpoint is read, so that what an earlier owner still publishes is refused.
 */
export const relay = (source: Omit<Source, 'ownership'>, bus: MessageBus): Follower => {
  const { publishing, aggregates, sealedEvents } = source;
  const name = `relay:${publishing.context}`;
  const topic = topicOf(publishing.context);
  const checkpoint = checkpointUnder(source, name);
  let publisher: Publisher | undefined;
  const end = async (): Promise<void> => {
    await publisher?.close();
    publisher = undefined;
  };
  return new Follower(sealedEvents, {
    name,
    prefixes: aggregates.map(prefixOf),
    checkpoint,
    begin: async () => {
      await end();
      publisher = await bus.publisher(name);
    },
    end,
    handle: async (page) => {
      const epoch = await source.epoch();
      const messages = page.events.map((event) => messageOf(publishing, event, epoch, traceOf(topic, event)));
      await publish(publisher!, messages);
      published.add(messages.length, { [ATTRIBUTES.topic]: topic });
      await checkpoint.save(page.position);
      return 'saved';
    },
    trouble: source.trouble,
  });
};

/** A raised epoch is another checkpoint: everything is published anew under it. */
const checkpointUnder = ({ books, epoch }: Pick<Source, 'books' | 'epoch'>, name: string): Checkpoint => {
  let bound: Promise<Checkpoint> | undefined;
  const bind = async (): Promise<Checkpoint> => {
    const current = await epoch();
    return checkpointBeside(books, current > 0 ? `${name}#${current}` : name);
  };
  const checkpoint = (): Promise<Checkpoint> => {
    bound ??= bind();
    bound.catch(() => (bound = undefined));
    return bound;
  };
  return {
    load: async () => (await checkpoint()).load(),
    save: async (position) => (await checkpoint()).save(position),
  };
};

const publish = async (publisher: Publisher, messages: readonly OutgoingMessage[]): Promise<void> => {
  try {
    await publisher.publish(messages);
  } catch (failure) {
    throw failure instanceof Fenced ? new FollowerDisplaced(failure.message) : failure;
  }
};

/** The trace of the command goes on in whoever consumes the message: as a child of this span. */
const traceOf = (topic: string, { id, type, metadata }: RecordedEvent): string | undefined =>
  tracer.enabled
    ? withRemoteParent(metadata.traceparent, () => {
        const attributes = { [ATTRIBUTES.topic]: topic, [ATTRIBUTES.messageId]: id, [ATTRIBUTES.eventType]: type };
        return tracer.span(SPANS.publish, attributes, currentTraceparent);
      })
    : metadata.traceparent;
