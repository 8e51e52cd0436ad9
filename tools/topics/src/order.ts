import { parseArgs } from 'node:util';
import { DomainError } from '@rapport/kernel';
import { SETTINGS_FILE } from './topic-settings.js';

/** What was asked for on the command line and in the environment. */
export interface Order {
  readonly help: boolean;
  /** Show the topics; ask no broker. */
  readonly list: boolean;
  readonly json: boolean;
  /** Show what is missing, and make nothing. */
  readonly dryRun: boolean;
  readonly brokers: readonly string[];
  readonly replication: string;
  readonly namespace: string | undefined;
  readonly settings: string;
}

export const USAGE = `Usage: node tools/topics/dist/main.js [--list] [--json] [--dry-run]

Creates the topics that the services need and that are not there yet. One that is there keeps its
settings; what differs is told.

  --brokers <host:port,...>   brokers of the cluster; otherwise KAFKA_BROKERS
  --replication <name>        a name under "replication" in the settings; otherwise KAFKA_REPLICATION, or development
  --namespace <name>          stands, with a dot, before every topic; otherwise RAPPORT_NAMESPACE
  --settings <file>           partitions, retention and so on; otherwise infra/kafka/topics.json
  --list                      shows the topics and asks no broker
  --dry-run                   shows the topics that are missing, and creates none
  --json                      for programs

Ends with 0 when every topic is there, 1 when the cluster did not do it, 2 when the order could not be understood.
`;

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws DomainError `bad-argument` */
export const orderOf = (args: readonly string[], env: Environment): Order => {
  const { help, list, json, 'dry-run': dryRun, ...values } = parsed(args);
  const brokers = values.brokers ?? env['KAFKA_BROKERS'] ?? '';
  return {
    help: help ?? false,
    list: list ?? false,
    json: json ?? false,
    dryRun: dryRun ?? false,
    brokers: brokers.split(',').flatMap((each) => each.trim() || []),
    replication: values.replication ?? (env['KAFKA_REPLICATION'] || 'development'),
    namespace: (values.namespace ?? env['RAPPORT_NAMESPACE']) || undefined,
    settings: values.settings ?? SETTINGS_FILE,
  };
};

const parsed = (args: readonly string[]) => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const texts = { brokers: text, replication: text, namespace: text, settings: text };
  try {
    return parseArgs({ args: [...args], options: { ...texts, list: flag, json: flag, 'dry-run': flag, help: flag } })
      .values;
  } catch (error) {
    throw new DomainError('invalid', 'bad-argument', `${(error as Error).message}\n\n${USAGE}`);
  }
};
