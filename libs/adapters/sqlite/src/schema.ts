import { EVENTS_TABLE } from './event-rows.js';
import { KEYS_TABLES } from './sqlite-key-store.js';

/**
 * The steps that make a service's file: its events and its keys, which share one fsync. Only ever append; a later change
 * to any of the tables is a step of its own at the end.
 */
export const SERVICE_SCHEMA: readonly string[] = [EVENTS_TABLE, KEYS_TABLES];
