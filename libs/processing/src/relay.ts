import { prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { MessageBus } from '@rapport/message-bus';
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
import type { Follower } from './follower.js';
import { topicOf } from './publishing.js';
import { publishingFollower } from './publishing-follower.js';

const published = meter.counter(METRICS.published);

/** Publishes a context's events on its topic. */
export const relay = (source: Omit<Source, 'ownership'>, bus: MessageBus): Follower => {
  const { publishing, aggregates, sealedEvents: events, trouble } = source;
  const name = `relay:${publishing.context}`;
  const topic = topicOf(publishing.context);
  return publishingFollower({
    name,
    prefixes: aggregates.map(prefixOf),
    events,
    checkpoint: checkpointUnder(source, name),
    bus,
    messagesOf: async (page) => {
      const epoch = await source.epoch();
      return page.events.map((event) => messageOf(publishing, event, epoch, traceOf(topic, event)));
    },
    published: (messages) => published.add(messages, { [ATTRIBUTES.topic]: topic }),
    trouble,
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

/** The trace of the command goes on in whoever consumes the message: as a child of this span. */
const traceOf = (topic: string, { id, type, metadata }: RecordedEvent): string | undefined =>
  tracer.enabled
    ? withRemoteParent(metadata.traceparent, () => {
        const attributes = { [ATTRIBUTES.topic]: topic, [ATTRIBUTES.messageId]: id, [ATTRIBUTES.eventType]: type };
        return tracer.span(SPANS.publish, attributes, currentTraceparent);
      })
    : metadata.traceparent;
