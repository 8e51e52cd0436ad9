import { SealedFileStore } from '@rapport/files';
import { systemClock } from '@rapport/kernel';
import type { MessageBus } from '@rapport/message-bus';
import type { Logger, Telemetry } from '@rapport/observability';
import { CachedKeyStore, type MasterKey } from '@rapport/privacy';
import { soleOwnership } from '@rapport/processing';
import type { Engines } from '@rapport/service-kit';
import {
  EVENTS_SCHEMA,
  KEYS_SCHEMA,
  openDatabase,
  SqliteEventStore,
  SqliteFileStore,
  SqliteKeyStore,
  SqliteReadModelStore,
  VIEWS_SCHEMA,
} from '@rapport/sqlite';

export interface SharedEngines {
  readonly bus: MessageBus;
  readonly masterKey: MasterKey;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

/** A file of facts that say nothing about people. */
export const openFacts = (file: string): { readonly events: SqliteEventStore; close(): Promise<void> } => {
  const facts = openDatabase({ file, schema: EVENTS_SCHEMA });
  const events = new SqliteEventStore(facts);
  const close = async (): Promise<void> => {
    await events.close();
    await facts.close();
  };
  return { events, close };
};

/** Nobody's key. */
const MASTER_KEY_CHECK = { tenant: 'rapport', id: 'master-key-check' };

export interface ServiceFiles {
  readonly engines: Engines;
  close(): Promise<void>;
}

/**
 * One service's engines in three SQLite files: facts (`<path>.db`), keys (`-keys.db`) and what is derived (`-views.db`).
 * A copy of the facts alone tells nothing about people, and a destroyed key empties every copy.
 */
export const openServiceFiles = async (path: string, context: string, shared: SharedEngines): Promise<ServiceFiles> => {
  const facts = openDatabase({ file: `${path}.db`, schema: EVENTS_SCHEMA, secureDelete: true });
  const keyring = openDatabase({ file: `${path}-keys.db`, schema: KEYS_SCHEMA, secureDelete: true });
  const views = openDatabase({ file: `${path}-views.db`, schema: VIEWS_SCHEMA, secureDelete: true, derived: true });
  const keys = new CachedKeyStore(new SqliteKeyStore(keyring, shared.masterKey));
  // Opened at every start: a wrong master key is told now, not by the first person who is asked for.
  await keys.create(MASTER_KEY_CHECK);
  const events = new SqliteEventStore(facts);
  const engines: Engines = {
    events,
    keys,
    readModels: new SqliteReadModelStore(views),
    bus: shared.bus,
    files: new SealedFileStore(new SqliteFileStore(facts), keys),
    ownership: soleOwnership(),
    clock: systemClock,
    logger: shared.logger.with({ service: context }),
    telemetry: shared.telemetry,
  };
  const close = async (): Promise<void> => {
    await events.close();
    await Promise.all([facts, keyring, views].map((file) => file.close()));
  };
  return { engines, close };
};
