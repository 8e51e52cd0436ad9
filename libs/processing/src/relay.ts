import type { Bookkeeping, EventStore } from '@rapport/event-store';
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
import { checkpointBeside } from './checkpoint.js';
import { Follower, FollowerDisplaced, type Trouble } from './follower.js';
import { SEQUENCE_HEADER, TYPE_HEADER } from './cloud-event.js';
import { toCloudEvent, topicOf, type Publishing } from './publishing.js';

export interface RelayParts {
  /** The store as it is on disk: personal fields stay sealed on their way to the bus. */
  readonly sealedEvents: EventStore;
  readonly bus: MessageBus;
  readonly books: Bookkeeping;
  readonly prefixes: readonly string[];
  readonly trouble?: Trouble;
}

const published = meter.counter(METRICS.published);

/**
 * Publishes a context's events on its topic: the event store is the outbox, the checkpoint follows the bus. The publisher
 * is opened before the checkpoint is read, so that what an earlier owner still publishes is refused.
 */
export const relay = (publishing: Publishing, parts: RelayParts): Follower => {
  const name = `relay:${publishing.context}`;
  const topic = topicOf(publishing.context);
  const checkpoint = checkpointBeside(parts.books, name);
  let publisher: Publisher | undefined;
  const end = async (): Promise<void> => {
    await publisher?.close();
    publisher = undefined;
  };
  return new Follower(parts.sealedEvents, {
    name,
    prefixes: parts.prefixes,
    checkpoint,
    begin: async () => {
      await end();
      publisher = await parts.bus.publisher(name);
    },
    end,
    handle: async (page) => {
      const messages: OutgoingMessage[] = [];
      for (const event of page.events) {
        const message = messageOf(publishing, topic, event);
        if (message) messages.push(message);
      }
      if (messages.length === 0) return 'nothing';
      await publish(publisher!, messages);
      published.add(messages.length, { [ATTRIBUTES.topic]: topic });
      await checkpoint.save(page.position);
      return 'saved';
    },
    trouble: parts.trouble,
  });
};

const publish = async (publisher: Publisher, messages: readonly OutgoingMessage[]): Promise<void> => {
  try {
    await publisher.publish(messages);
  } catch (failure) {
    throw failure instanceof Fenced ? new FollowerDisplaced(failure.message) : failure;
  }
};

/** Keyed by the stream: what happened to one record of one tenant keeps its order. */
const messageOf = (publishing: Publishing, topic: string, event: RecordedEvent): OutgoingMessage | undefined => {
  const cloudEvent = toCloudEvent(publishing, event);
  if (!cloudEvent) return undefined;
  const traceparent = tracer.enabled ? publishSpan(topic, event) : event.metadata.traceparent;
  const { type, sequence } = cloudEvent;
  const headers = {
    'content-type': 'application/cloudevents+json',
    [TYPE_HEADER]: type,
    [SEQUENCE_HEADER]: sequence,
    ...(traceparent ? { traceparent } : {}),
  };
  return { topic, key: event.stream, headers, value: JSON.stringify(cloudEvent) };
};

/** The trace of the command goes on in whoever consumes the message: as a child of this span. */
const publishSpan = (topic: string, { id, type, metadata }: RecordedEvent): string | undefined =>
  withRemoteParent(metadata.traceparent, () => {
    const attributes = { [ATTRIBUTES.topic]: topic, [ATTRIBUTES.messageId]: id, [ATTRIBUTES.eventType]: type };
    return tracer.span(SPANS.publish, attributes, currentTraceparent);
  });
