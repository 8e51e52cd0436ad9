import type { TopicDeclaration } from '@rapport/kafka';
import { DomainError } from '@rapport/kernel';
import type { RequiredTopic } from './required-topics.js';
import type { TopicSettings } from './topic-settings.js';

export type PlannedTopic = Required<TopicDeclaration>;

/** @throws DomainError `unknown-replication` */
export const plannedTopics = (
  required: readonly RequiredTopic[],
  settings: TopicSettings,
  replicationName: string,
): readonly PlannedTopic[] => {
  const replication = settings.replication[replicationName];
  if (!replication) {
    const known = Object.keys(settings.replication).join(', ');
    throw new DomainError(
      'invalid',
      'unknown-replication',
      `There is no replication "${replicationName}". Give one of: ${known}.`,
    );
  }
  return required.map(({ topic, holds }) => {
    const { partitions, config } = settings[holds];
    const inSync = { 'min.insync.replicas': String(replication.minInSync) };
    return { topic, partitions, replicationFactor: replication.factor, config: { ...config, ...inSync } };
  });
};
