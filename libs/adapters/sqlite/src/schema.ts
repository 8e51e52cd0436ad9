import { EVENTS_TABLE } from './event-rows.js';
import { FILE_STORE_SCHEMA } from './sqlite-file-store.js';
import { KEYS_TABLES } from './sqlite-key-store.js';
import { READ_MODEL_SCHEMA } from './sqlite-read-model-schema.js';

/**
 * The steps that make a service's file: events, keys, read models and uploads, which share one fsync. Only ever append; a
 * later change to any of the tables is a step of its own at the end.
 */
export const SERVICE_SCHEMA: readonly string[] = [EVENTS_TABLE, KEYS_TABLES, ...READ_MODEL_SCHEMA, FILE_STORE_SCHEMA];
