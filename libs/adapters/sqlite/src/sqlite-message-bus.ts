import { DomainError, systemClock, type Clock } from '@rapport/kernel';
import { DEFAULT_PARTITIONS, LocalMessageBus, type OnTrouble } from '@rapport/message-bus';
import { openDatabase, type SqliteDatabase } from './database.js';
import { SqliteMessageLog } from './sqlite-message-bus-log.js';
import { trimMessages } from './sqlite-message-bus-retention.js';
import { MESSAGE_BUS_SCHEMA } from './sqlite-message-bus-schema.js';

export interface SqliteMessageBusOptions {
  /** Path of the bus's own file, or `:memory:`. */
  readonly file: string;
  /** Partitions of topics that do not exist yet, 1 to 1,024; a topic keeps its number for good. Default 8. */
  readonly partitions?: number;
  /** Milliseconds for which messages are kept after every group has handled them. Default 7 days. */
  readonly retainFor?: number;
  readonly onTrouble?: OnTrouble;
  readonly clock?: Clock;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;

/**
 * The durable bus of one process: messages and offsets in one SQLite file, consumers woken by the publisher. Trims what
 * is out of date at the start and then hourly, see {@link trimMessages}.
 */
export class SqliteMessageBus extends LocalMessageBus {
  private readonly trimming: NodeJS.Timeout;
  private closing = false;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly options: SqliteMessageBusOptions,
  ) {
    const { partitions = DEFAULT_PARTITIONS, clock = systemClock, onTrouble } = options;
    super(new SqliteMessageLog(database, partitions, clock), onTrouble);
    this.trimming = setInterval(() => void this.trim(), HOUR).unref();
  }

  /** Deletes what retention no longer keeps; resolves to the number of messages. */
  async trim(): Promise<number> {
    const { retainFor = 7 * DAY, clock = systemClock, onTrouble, file } = this.options;
    try {
      return await trimMessages(this.database, retainFor, clock);
    } catch (error) {
      if (!this.closing) onTrouble?.({ kind: 'storage', group: 'retention', topic: file, error });
      return 0;
    }
  }

  override close(): Promise<void> {
    clearInterval(this.trimming);
    this.closing = true;
    return super.close();
  }
}

/**
 * Opens the bus's file, made if missing, and starts the first trimming.
 * @throws DomainError `bad-partitions`, and what {@link openDatabase} throws
 */
export const openSqliteMessageBus = (options: SqliteMessageBusOptions): SqliteMessageBus => {
  const { partitions = DEFAULT_PARTITIONS, file } = options;
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > 1_024) {
    throw new DomainError(
      'invalid',
      'bad-partitions',
      `A topic of ${file} cannot have ${partitions} partitions: give 1 to 1,024.`,
    );
  }
  const bus = new SqliteMessageBus(openDatabase({ file, schema: MESSAGE_BUS_SCHEMA }), options);
  void bus.trim();
  return bus;
};
