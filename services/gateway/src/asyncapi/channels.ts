import { topicOf } from '@rapport/processing';
import { messageName, type PublishedEvents } from './published-events.js';

const BINDING = { bindingVersion: '0.5.0' };
const servers = [{ $ref: '#/servers/kafka' }];
const message = (name: string) => ({ $ref: `#/components/messages/${name}` });

/** A topic for each context. */
export const channels = (published: readonly PublishedEvents[]): object =>
  Object.fromEntries(published.map((each) => [each.context, eventChannel(each)]));

const eventChannel = ({ context, events }: PublishedEvents): object => ({
  address: topicOf(context),
  title: `What happens in ${context}`,
  description:
    'At least once, every change of every record in its order, from the first event on. A change that the context keeps to ' +
    'itself is a message of type `RevisionWithheld` with empty data. `CommandDone` and `CommandRefused`, of ' +
    'subjects `command/…`, tell other contexts what has come of their requests; nobody else needs them.',
  servers,
  messages: Object.fromEntries(events.map(({ name }) => [name, message(messageName(context, name))])),
  bindings: { kafka: { topic: topicOf(context), ...BINDING } },
});
