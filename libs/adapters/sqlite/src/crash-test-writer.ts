import { writeSync } from 'node:fs';
import { newId, type NewEvent } from '@rapport/kernel';
import { openDatabase } from './database.js';
import { SERVICE_SCHEMA } from './schema.js';
import { SqliteEventStore } from './sqlite-event-store.js';

/**
 * A process to be killed: appends to several streams at once, for ever, and prints `stream revision id` of each event
 * once it is acknowledged. Argument: the database's file.
 */
const store = new SqliteEventStore(openDatabase({ file: process.argv[2]!, schema: SERVICE_SCHEMA }));

const event = (): NewEvent => ({
  id: newId(),
  type: 'NoteTaken',
  data: { text: 'x'.repeat(200) },
  metadata: {
    tenant: 'acme',
    actor: { kind: 'system', id: 'crash-test' },
    correlationId: 'c',
    commandId: 'c',
    occurredAt: '2026-01-01T00:00:00.000Z',
    schemaVersion: 1,
  },
});

const write = async (stream: string, size: number): Promise<never> => {
  let head = -1;
  for (;;) {
    const events = Array.from({ length: size }, event);
    const { revision } = await store.append(stream, events, head < 0 ? 'no-stream' : head);
    writeSync(1, events.map(({ id }, n) => `${stream} ${head + 1 + n} ${id}\n`).join(''));
    head = revision;
  }
};

await Promise.all(Array.from({ length: 20 }, (_, n) => write(`note-acme-${n}`, 1 + (n % 4))));
