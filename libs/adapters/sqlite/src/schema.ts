import { EVENTS_TABLE } from './event-rows.js';
import { BOOKKEEPING_TABLES } from './sqlite-bookkeeping.js';
import { FILE_STORE_SCHEMA } from './sqlite-file-store.js';
import { KEY_NOTES_TABLE, KEYS_TABLES } from './sqlite-key-store.js';
import { READ_MODEL_SCHEMA } from './sqlite-read-model-schema.js';

/**
 * The steps that make a service's files. Only ever append; a later change to any of the tables is a step of its own at
 * the end of its list.
 */

/** What cannot be made again, with personal data sealed: facts, uploads, and what followers remember. The file to back up. */
export const EVENTS_SCHEMA: readonly string[] = [EVENTS_TABLE, FILE_STORE_SCHEMA, BOOKKEEPING_TABLES];

/** Subjects' keys, apart from what they seal: destroying one then also empties every copy of the facts. */
export const KEYS_SCHEMA: readonly string[] = [KEYS_TABLES, KEY_NOTES_TABLE];

/** What is derived, with personal data readable: made again from the facts at any time, so never copied. */
export const VIEWS_SCHEMA: readonly string[] = READ_MODEL_SCHEMA;

/** All of it in one file, for tools and tests. */
export const SERVICE_SCHEMA: readonly string[] = [...EVENTS_SCHEMA, ...KEYS_SCHEMA, ...VIEWS_SCHEMA];
