import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '@rapport/kernel';
import type { TopicKind } from './required-topics.js';

/** How topics are made, see `infra/kafka/topics.json`. */
export interface TopicSettings {
  readonly kinds: Readonly<Record<TopicKind, KindSettings>>;
  /** How many copies, by the name of a kind of installation: `production`. */
  readonly replication: Readonly<Record<string, Replication | undefined>>;
}

export interface KindSettings {
  /** For ever: with another number, keys move to other partitions and lose their order. */
  readonly partitions: number;
  /** As Kafka names them: `retention.ms`. */
  readonly config: Readonly<Record<string, string>>;
}

export interface Replication {
  readonly factor: number;
  /** Copies that must have a message before it counts as published. */
  readonly minInSync: number;
}

/** Beside `src` and `dist` alike. */
export const SETTINGS_FILE = join(import.meta.dirname, '..', '..', '..', 'infra', 'kafka', 'topics.json');

/** @throws DomainError `bad-topic-settings` */
export const readTopicSettings = (file: string): TopicSettings => {
  const problem = (text: string, cause?: unknown) =>
    new DomainError('invalid', 'bad-topic-settings', `${file}: ${text}`, { cause });
  let settings: TopicSettings;
  try {
    settings = JSON.parse(readFileSync(file, 'utf8')) as TopicSettings;
  } catch (error) {
    throw problem((error as Error).message, error);
  }
  const fault = faultIn(settings);
  if (fault !== undefined) throw problem(fault);
  return settings;
};

const faultIn = ({ kinds, replication }: Partial<TopicSettings>): string | undefined => {
  for (const kind of ['events', 'dead-letters'] as const) {
    const { partitions, config } = kinds?.[kind] ?? {};
    if (!isCount(partitions)) return `kinds.${kind}.partitions must be a whole number, at least 1.`;
    const odd = Object.entries(config ?? {}).find(([, value]) => typeof value !== 'string');
    if (odd) return `kinds.${kind}.config["${odd[0]}"] must be text, as Kafka takes it.`;
  }
  for (const [name, each] of Object.entries(replication ?? {})) {
    if (!isCount(each?.factor) || !isCount(each.minInSync) || each.minInSync > each.factor)
      return `replication.${name} must have a factor, and minInSync from 1 to it.`;
  }
  return Object.keys(replication ?? {}).length === 0 ? 'replication must name at least one factor.' : undefined;
};

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;
