import { topicOf } from '@rapport/processing';
import type { ServiceDefinition } from '@rapport/service-kit';

/** A topic without which some service does not work. */
export interface RequiredTopic {
  readonly topic: string;
  /** Whose events are in it. */
  readonly context: string;
}

type Definition = Pick<ServiceDefinition, 'context' | 'listens'>;

/** Every topic that these services publish on or listen to; sorted by name. */
export const requiredTopics = (services: readonly Definition[]): readonly RequiredTopic[] => {
  const contexts = new Set(services.flatMap(({ context, listens = {} }) => [context, ...Object.keys(listens)]));
  return [...contexts].sort().map((context) => ({ topic: topicOf(context), context }));
};
