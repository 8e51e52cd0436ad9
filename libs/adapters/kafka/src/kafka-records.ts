import type { LoggedMessage, OutgoingMessage } from '@rapport/message-bus';
import type { IHeaders, KafkaMessage, TopicMessages } from 'kafkajs';

/** A batch as the client wants it: the messages of each topic together, in their order. */
export const recordsOf = (messages: readonly OutgoingMessage[], nameOf: (topic: string) => string): TopicMessages[] => {
  const topics = new Map<string, TopicMessages>();
  for (const { topic, key, headers, value } of messages) {
    let records = topics.get(topic);
    if (records === undefined) topics.set(topic, (records = { topic: nameOf(topic), messages: [] }));
    records.messages.push({ key, value, headers });
  }
  return [...topics.values()];
};

/** Others may write records without key, body or headers: to us those are empty. */
export const loggedMessage = ({ offset, key, headers, value }: KafkaMessage): LoggedMessage => ({
  offset: Number(offset),
  key: key?.toString() ?? '',
  headers: headers === undefined ? {} : textsOf(headers),
  value: value?.toString() ?? '',
});

/** Of a header that stands there several times the last one counts. */
const textsOf = (headers: IHeaders): Record<string, string> => {
  const texts: Record<string, string> = {};
  for (const name in headers) {
    const given = headers[name];
    texts[name] = (Array.isArray(given) ? given.at(-1) : given)?.toString() ?? '';
  }
  return texts;
};
