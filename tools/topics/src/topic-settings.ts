import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '@rapport/kernel';

/** How topics are made, see `infra/kafka/topics.json`. */
export interface TopicSettings {
  readonly events: TopicsOfAKind;
  /** What contexts ask each other. Nothing that has expired is run, so it need not be kept for ever. */
  readonly commands: TopicsOfAKind;
  /** How many copies, by the name of a kind of installation: `production`. */
  readonly replication: Readonly<Record<string, Replication | undefined>>;
}

export interface TopicsOfAKind {
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

const faultIn = ({ events, commands, replication }: Partial<TopicSettings>): string | undefined => {
  const fault = faultInKind('events', events) ?? faultInKind('commands', commands);
  if (fault !== undefined) return fault;
  const lost = FOR_EVER.find((name) => events!.config[name] !== '-1');
  if (lost) return `events.config["${lost}"] must be "-1": whoever begins to listen begins with the first event.`;
  for (const [name, each] of Object.entries(replication ?? {})) {
    if (!isCount(each?.factor) || !isCount(each.minInSync) || each.minInSync > each.factor)
      return `replication.${name} must have a factor, and minInSync from 1 to it.`;
  }
  return Object.keys(replication ?? {}).length === 0 ? 'replication must name at least one factor.' : undefined;
};

const faultInKind = (kind: string, topics: TopicsOfAKind | undefined): string | undefined => {
  const { partitions, config = {} } = topics ?? {};
  if (!isCount(partitions)) return `${kind}.partitions must be a whole number, at least 1.`;
  const odd = Object.entries(config).find(([, value]) => typeof value !== 'string');
  return odd && `${kind}.config["${odd[0]}"] must be text, as Kafka takes it.`;
};

/** What a topic forgets can be heard by nobody who comes later. */
const FOR_EVER = ['retention.ms', 'retention.bytes'];

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;
