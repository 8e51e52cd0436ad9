import { deadLetterTopic } from '@rapport/message-bus';
import { groupOf, topicOf } from '@rapport/processing';
import type { ServiceDefinition } from '@rapport/service-kit';

export type TopicKind = 'events' | 'dead-letters';

/** A topic without which some service does not work. */
export interface RequiredTopic {
  readonly topic: string;
  readonly kind: TopicKind;
  /** Whose events are in it. */
  readonly context: string;
  /** Whose unreadable messages are in it: the consumer group. */
  readonly group?: string;
}

type Definition = Pick<ServiceDefinition, 'context' | 'reads'>;

/** Every topic that these services publish on, read from, or park messages in; sorted by name. */
export const requiredTopics = (services: readonly Definition[]): readonly RequiredTopic[] => {
  const reads = services.flatMap(({ context, reads = [] }) =>
    reads.map((projection) => ({ from: projection.from, group: groupOf(context, projection) })),
  );
  const contexts = new Set([...services.map(({ context }) => context), ...reads.map(({ from }) => from)]);
  const topics: RequiredTopic[] = [
    ...[...contexts].map((context) => ({ topic: topicOf(context), kind: 'events' as const, context })),
    ...reads.map(({ from, group }) => {
      const topic = deadLetterTopic(topicOf(from), group);
      return { topic, kind: 'dead-letters' as const, context: from, group };
    }),
  ];
  return topics.sort((a, b) => (a.topic < b.topic ? -1 : 1));
};
