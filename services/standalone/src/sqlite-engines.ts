import { SealedFileStore } from '@rapport/files';
import { systemClock } from '@rapport/kernel';
import type { MessageBus } from '@rapport/message-bus';
import type { Logger, Telemetry } from '@rapport/observability';
import { CachedKeyStore, type MasterKey } from '@rapport/privacy';
import type { Engines } from '@rapport/service-kit';
import {
  openDatabase,
  SERVICE_SCHEMA,
  SqliteEventStore,
  SqliteFileStore,
  SqliteKeyStore,
  SqliteReadModelStore,
  type SqliteDatabase,
} from '@rapport/sqlite';

export interface SharedEngines {
  readonly bus: MessageBus;
  readonly masterKey: MasterKey;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

export interface ServiceFile {
  readonly engines: Engines;
  readonly database: SqliteDatabase;
  close(): Promise<void>;
}

/** One service's engines in one SQLite file: facts, keys, read models and uploads share every fsync. */
export const openServiceFile = (file: string, context: string, shared: SharedEngines): ServiceFile => {
  const database = openDatabase({ file, schema: SERVICE_SCHEMA, secureDelete: true });
  const keys = new CachedKeyStore(new SqliteKeyStore(database, shared.masterKey));
  const events = new SqliteEventStore(database);
  const engines: Engines = {
    events,
    keys,
    readModels: new SqliteReadModelStore(database),
    bus: shared.bus,
    files: new SealedFileStore(new SqliteFileStore(database), keys),
    clock: systemClock,
    logger: shared.logger.with({ service: context }),
    telemetry: shared.telemetry,
  };
  const close = async (): Promise<void> => {
    await events.close();
    await database.close();
  };
  return { engines, database, close };
};
