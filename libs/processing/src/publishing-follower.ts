import type { EventStore, Page } from '@rapport/event-store';
import { Fenced, type MessageBus, type OutgoingMessage, type Publisher } from '@rapport/message-bus';
import type { Checkpoint } from './checkpoint.js';
import { Follower, FollowerDisplaced, type FollowerDefinition } from './follower.js';

export interface PublishingParts {
  /** Of the follower, and of the publisher on the bus. */
  readonly name: string;
  readonly prefixes: readonly string[];
  /** The store as it is on disk: personal fields stay sealed on their way. */
  readonly events: EventStore;
  readonly checkpoint: Checkpoint;
  readonly bus: MessageBus;
  readonly messagesOf: (page: Page) => Promise<readonly OutgoingMessage[]>;
  /** Told how many messages the bus has taken. */
  readonly published?: (messages: number) => void;
  readonly trouble: FollowerDefinition['trouble'];
}

/**
 * Publishes what is made of events: the event store is the outbox, the checkpoint follows the bus. The publisher is opened
 * before the checkpoint is read, so that what an earlier owner still publishes is refused.
 */
export const publishingFollower = (parts: PublishingParts): Follower => {
  const { name, prefixes, events, checkpoint, bus, messagesOf, published, trouble } = parts;
  let publisher: Publisher | undefined;
  const end = async (): Promise<void> => {
    await publisher?.close();
    publisher = undefined;
  };
  return new Follower(events, {
    name,
    prefixes,
    checkpoint,
    begin: async () => {
      await end();
      publisher = await bus.publisher(name);
    },
    end,
    handle: async (page) => {
      const messages = await messagesOf(page);
      if (messages.length === 0) return 'nothing';
      await publish(publisher!, messages);
      published?.(messages.length);
      await checkpoint.save(page.position);
      return 'saved';
    },
    trouble,
  });
};

const publish = async (publisher: Publisher, messages: readonly OutgoingMessage[]): Promise<void> => {
  try {
    await publisher.publish(messages);
  } catch (failure) {
    throw failure instanceof Fenced ? new FollowerDisplaced(failure.message) : failure;
  }
};
