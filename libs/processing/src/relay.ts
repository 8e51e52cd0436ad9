import type { EventStore } from '@rapport/event-store';
import { partsOf } from '@rapport/event-store';
import { START } from '@rapport/kernel';
import type { MessageBus, OutgoingMessage } from '@rapport/message-bus';
import type { ReadModelStore } from '@rapport/read-models';
import { Follower } from './follower.js';
import { toCloudEvent, topicOf, type Publishing } from './publishing.js';

export interface RelayParts {
  /** The store as it is on disk: personal fields stay sealed on their way to the bus. */
  readonly sealedEvents: EventStore;
  readonly bus: MessageBus;
  readonly readModels: ReadModelStore;
  readonly prefixes: readonly string[];
  readonly trouble?: (follower: string, failure: unknown, attempt: number) => void;
}

/** Publishes a context's events on its topic: the event store is the outbox, the checkpoint follows the bus. */
export const relay = (publishing: Publishing, parts: RelayParts): Follower => {
  const name = `relay:${publishing.context}`;
  const topic = topicOf(publishing.context);
  return new Follower(parts.sealedEvents, {
    name,
    prefixes: parts.prefixes,
    loadCheckpoint: async () => (await parts.readModels.checkpoint(name)) ?? START,
    handle: async (page) => {
      const messages: OutgoingMessage[] = [];
      for (const event of page.events) {
        const cloudEvent = toCloudEvent(publishing, event);
        if (!cloudEvent) continue;
        const { traceparent } = event.metadata;
        messages.push({
          topic,
          key: partsOf(event.stream).id,
          headers: { 'content-type': 'application/cloudevents+json', ...(traceparent ? { traceparent } : {}) },
          value: JSON.stringify(cloudEvent),
        });
      }
      if (messages.length > 0) await parts.bus.publish(messages);
      await parts.readModels.write({ writes: [], checkpoint: { follower: name, position: page.position } });
    },
    trouble: (failure, attempt) => parts.trouble?.(name, failure, attempt),
  });
};
