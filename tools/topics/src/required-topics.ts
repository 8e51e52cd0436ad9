import { commandsTopicOf } from '@rapport/commands';
import { topicOf } from '@rapport/processing';
import type { ServiceDefinition } from '@rapport/service-kit';

/** A topic without which some service does not work. */
export interface RequiredTopic {
  readonly topic: string;
  /** Whose events are in it, or who is asked on it. */
  readonly context: string;
  readonly holds: 'events' | 'commands';
}

type Definition = Pick<ServiceDefinition, 'context' | 'listens' | 'asks' | 'serves'>;

/** Every topic that these services publish on or listen to; sorted by name. */
export const requiredTopics = (services: readonly Definition[]): readonly RequiredTopic[] => {
  const heard = services.flatMap(({ context, listens = {}, asks = [] }) => [context, ...Object.keys(listens), ...asks]);
  const asked = services.flatMap(({ context, asks = [], serves }) => [...(serves ? [context] : []), ...asks]);
  const events = [...new Set(heard)].map((context) => ({ topic: topicOf(context), context, holds: 'events' as const }));
  const commands = [...new Set(asked)].map((context) => {
    return { topic: commandsTopicOf(context), context, holds: 'commands' as const };
  });
  return [...events, ...commands].sort((one, other) => (one.topic < other.topic ? -1 : 1));
};
