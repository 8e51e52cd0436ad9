import { DomainError } from '@rapport/kernel';
import { deadLetterTopic, PARKED, type Message, type OutgoingMessage } from './message-bus.js';

const LONGEST_REASON = 1_000;

/** The copy of a poison message that goes to the group's dead-letter topic: same key and body, headers that say why. */
export const parkedMessage = (message: Message, group: string, error: unknown): OutgoingMessage => ({
  topic: deadLetterTopic(message.topic, group),
  key: message.key,
  value: message.value,
  headers: {
    ...message.headers,
    [PARKED.originalId]: message.id,
    [PARKED.reason]: reasonOf(error),
    [PARKED.attempts]: String(message.attempt),
  },
});

/** A parked message as it was before; publishing it replays it to every group of its topic. */
export const unparked = (parked: OutgoingMessage): OutgoingMessage => {
  const {
    [PARKED.originalId]: id,
    [PARKED.reason]: _reason,
    [PARKED.attempts]: _attempts,
    ...headers
  } = parked.headers;
  const topic = id?.split('/').slice(0, -2).join('/');
  if (!topic) {
    throw new DomainError(
      'invalid',
      'not-a-parked-message',
      `A message of ${parked.topic} has no header ${PARKED.originalId}: only parked messages can be replayed.`,
    );
  }
  return { topic, key: parked.key, value: parked.value, headers };
};

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_REASON);
