import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { positionOf } from '@rapport/kernel';
import { silentLogger } from '@rapport/observability';
import { CachedKeyStore, InMemoryKeyStore } from '@rapport/privacy';
import { EVENTS_SCHEMA, openDatabase, SqliteEventStore, SqliteReadModelStore, VIEWS_SCHEMA } from '@rapport/sqlite';
import { openServiceFiles, type SharedEngines } from './sqlite-engines.js';

const ENTRY = { id: 'thank|1', tenant: 'main', follower: 'thank', stream: 'contact-main-1', reason: 'no address' };
const shared = { keys: new CachedKeyStore(new InMemoryKeyStore()), logger: silentLogger } as unknown as SharedEngines;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-books-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As files were when relays and reactions kept their books in the views. */
const filesOfBefore = async (): Promise<void> => {
  const facts = openDatabase({ file: join(folder, 'contacts.db'), schema: EVENTS_SCHEMA.slice(0, 2) });
  const metadata = {
    tenant: 'main',
    actor: { kind: 'user', id: 'ada' } as const,
    correlationId: 'c',
    commandId: 'd',
    occurredAt: '2026-01-01T00:00:00.000Z',
    schemaVersion: 1,
  };
  await new SqliteEventStore(facts).append(ENTRY.stream, [{ id: 'e', type: 'Old', data: {}, metadata }], 'any');
  await facts.close();
  const views = openDatabase({ file: join(folder, 'contacts-views.db'), schema: VIEWS_SCHEMA, derived: true });
  const readModels = new SqliteReadModelStore(views);
  const collection = await readModels.collection({ name: 'parked_events', fields: { follower: 'text' }, indexes: [] });
  const position = positionOf(1);
  await readModels.write({ writes: [{ collection, tenant: 'main', id: ENTRY.id, position, document: ENTRY }] });
  for (const follower of ['relay:contacts', 'contacts@abc-1']) {
    await readModels.write({ writes: [], checkpoint: { follower, position } });
  }
  await readModels.close();
};

it('upgrades files in place: checkpoints and parked events come to lie beside the facts, once', async () => {
  await filesOfBefore();
  const open = () => openServiceFiles(join(folder, 'contacts'), 'contacts', shared);
  const first = await open();
  const { books, events } = first.engines;
  expect(await books.checkpoint('relay:contacts')).toBe(positionOf(1));
  expect(await books.checkpoint('contacts@abc-1')).toBeUndefined();
  expect(await books.entries('parked', 'main')).toEqual([ENTRY]);
  expect(await events.end()).toBe(positionOf(1));
  await books.change('parked', ENTRY, () => undefined);
  await first.close();
  const second = await open();
  expect(await second.engines.books.entries('parked')).toEqual([]);
  await second.close();
});
