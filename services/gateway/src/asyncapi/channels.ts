import { deadLetterTopic } from '@rapport/message-bus';
import { topicOf } from '@rapport/processing';
import { PARKED_MESSAGE } from './messages.js';
import { messageName, type PublishedEvents } from './published-events.js';

const BINDING = { bindingVersion: '0.5.0' };
const servers = [{ $ref: '#/servers/kafka' }];
const message = (name: string) => ({ $ref: `#/components/messages/${name}` });

export const parkedChannel = (context: string): string => `${context}.parked`;

/** A topic for each context, and those where readers of it park what they cannot handle. */
export const channels = (published: readonly PublishedEvents[]): object =>
  Object.fromEntries(
    published.flatMap((each) => [
      [each.context, eventChannel(each)],
      [parkedChannel(each.context), deadLetterChannel(each.context)],
    ]),
  );

const eventChannel = ({ context, events }: PublishedEvents): object => ({
  address: topicOf(context),
  title: `What happens in ${context}`,
  description: 'At least once, in the order of each record, from the first event on.',
  servers,
  messages: Object.fromEntries(events.map(({ name }) => [name, message(messageName(context, name))])),
  bindings: { kafka: { topic: topicOf(context), ...BINDING } },
});

const deadLetterChannel = (context: string): object => ({
  address: deadLetterTopic(topicOf(context), '{group}'),
  title: `What readers of ${context} could not handle`,
  description: 'A message that still fails at the last try is set aside here, and those behind it go on.',
  servers,
  parameters: {
    group: { description: 'The consumer group of the reader.', examples: ['sales.account_names.0123456789abcdef'] },
  },
  messages: { [PARKED_MESSAGE]: message(PARKED_MESSAGE) },
});
