import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { idFrom, type NewEvent } from '@rapport/kernel';
import { CachedKeyStore, MasterKey, SealedEventStore } from '@rapport/privacy';
import {
  openDatabase,
  SERVICE_SCHEMA,
  SqliteBookkeeping,
  SqliteEventStore,
  SqliteKeyStore,
  type SqliteDatabase,
} from '@rapport/sqlite';
import { inspect } from './inspect.js';

let folder: string;
let database: SqliteDatabase;
let keys: CachedKeyStore;

const contact = (n: number): string => `contact-main-c${n}`;

const event = (n: number, type: string, data: object): NewEvent => ({
  id: idFrom('event', n),
  type,
  data,
  metadata: {
    tenant: 'main',
    actor: { kind: 'user', id: 'ada' },
    correlationId: 'c',
    commandId: `command-${n}`,
    occurredAt: '2026-01-01T00:00:00.000Z',
    schemaVersion: 1,
  },
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-inspect-'));
  database = openDatabase({ file: join(folder, 'contacts.db'), schema: SERVICE_SCHEMA, secureDelete: true });
  const master = MasterKey.fromBase64(Buffer.alloc(32, 1).toString('base64'));
  keys = new CachedKeyStore(new SqliteKeyStore(database, master));
  const store = new SealedEventStore(new SqliteEventStore(database), keys, { contact: ['email'] });
  await store.append(
    contact(1),
    [event(1, 'ContactCreated', { email: 'ada@example.org', title: 'Countess' })],
    'no-stream',
  );
  await store.append(contact(1), [event(2, 'ContactArchived', {})], 0);
  await store.append(contact(2), [event(3, 'ContactCreated', { email: 'eda@example.org' })], 'no-stream');
  const books = new SqliteBookkeeping(database);
  await books.saveCheckpoint('relay:contacts', '00000000000000000001');
  const parkedAt = '2026-01-01T00:00:00.000Z';
  const why = { follower: 'thank', type: 'ContactCreated', reason: 'no address', attempts: 1, parkedAt };
  const entry = { id: 'thank|1', tenant: 'main', stream: contact(1), revision: 0, ...why };
  await books.change('parked', entry, () => entry);
  const lost = { id: 'sales.product-main-p1', tenant: 'main', context: 'sales', aggregate: 'product', record: 'p1' };
  const since = { revision: 3, passed: 7, reason: 'Revision 3 never came.', since: parkedAt };
  await books.change('broken', lost, () => ({ ...lost, ...since }));
});

afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const ask = (...args: readonly string[]) => inspect([...args, '--data', folder], {});
const rows = (...args: readonly string[]): unknown => JSON.parse(ask(...args, '--json').text);

describe('inspect', () => {
  it('shows streams and events while the server runs, with personal fields sealed', async () => {
    await keys.destroy({ tenant: 'main', id: 'c2' }, '2026-01-02T00:00:00.000Z');
    expect(rows('streams', 'contact-main')).toMatchObject([
      { service: 'contacts', stream: contact(1), events: 2 },
      { service: 'contacts', stream: contact(2), events: 1 },
    ]);
    expect(rows('stream', contact(1))).toMatchObject([
      { revision: 0, type: 'ContactCreated', personal: 'sealed', data: { title: 'Countess' }, actor: 'user:ada' },
      { revision: 1, type: 'ContactArchived', personal: '', data: {} },
    ]);
    expect(rows('events', '--type', 'ContactCreated', '--after', '1')).toMatchObject([
      { stream: contact(2), personal: 'erased' },
    ]);
    expect(ask('events', '--limit', '1').text).not.toContain('example.org');
  });

  it('tells of an event about several people which of them were erased, and whose key is missing', async () => {
    const notes = { note: [{ name: 'text', about: 'contactId' }, 'subject'] };
    const store = new SealedEventStore(new SqliteEventStore(database), keys, notes);
    const data = { subject: 'Lunch', contactId: 'c9', text: 'Likes tea' };
    await store.append('note-main-n1', [event(4, 'NoteCreated', data)], 'no-stream');
    expect(rows('stream', 'note-main-n1')).toMatchObject([{ personal: 'sealed', data: { contactId: 'c9' } }]);
    expect(ask('verify').exitCode).toBe(0);
    await keys.destroy({ tenant: 'main', id: 'c9' }, '2026-01-02T00:00:00.000Z');
    expect(rows('stream', 'note-main-n1')).toMatchObject([{ personal: 'partly erased' }]);
    expect(ask('verify').exitCode).toBe(0);
    database.prepare("DELETE FROM erased_subjects WHERE id = 'c9'").run();
    database.prepare("DELETE FROM subject_keys WHERE id = 'c9'").run();
    expect(ask('verify').text).toMatch(/its key, or a tombstone +1 wrong +note-main-n1/);
  });

  it('says how far followers are behind, what is parked and what is broken', () => {
    expect(rows('followers')).toMatchObject([{ follower: 'relay:contacts', behind: 2 }]);
    expect(rows('parked')).toMatchObject([
      { service: 'contacts', by: 'thank', from: `${contact(1)} @0`, reason: 'no address' },
    ]);
    expect(rows('broken')).toMatchObject([{ of: 'sales', record: 'p1', revision: 3, passed: 7 }]);
  });

  it('reads the files of a stopped server and leaves none behind', async () => {
    await database.close();
    const before = readdirSync(folder);
    expect(ask('verify')).toMatchObject({ exitCode: 0 });
    expect(ask('streams').text).toMatch(/^service +stream +events +last\ncontacts +contact-main-c1 +2 /);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('finds what is wrong and ends with 1', async () => {
    expect(ask('verify').exitCode).toBe(0);
    await database.close();
    const broken = new DatabaseSync(join(folder, 'contacts.db'));
    broken.exec(`
      UPDATE events SET revision = 5 WHERE type = 'ContactArchived';
      DELETE FROM subject_keys WHERE id = 'c2';
      UPDATE bookkeeping_checkpoints SET position = '00000000000000000009';
    `);
    broken.close();
    const { text, exitCode } = ask('verify');
    expect(exitCode).toBe(1);
    expect(text).toMatch(/revisions of every stream are dense +1 wrong +contact-main-c1/);
    expect(text).toMatch(/its key, or a tombstone +1 wrong +contact-main-c2/);
    expect(text).toMatch(/beyond the last event +1 wrong +relay:contacts/);
  });

  it.each([
    [['steams'], 'There is no command "steams".'],
    [['events', '--limit', 'many'], '--limit is "many"; give a whole number.'],
    [['events', '--lmit', '3'], "Unknown option '--lmit'"],
    [['stream'], 'Name the stream'],
    [['streams', '--service', 'sales'], 'has no service "sales"; it has contacts.'],
  ])('answers %j with what is wrong', (args, message) => {
    expect(ask(...args)).toMatchObject({ exitCode: 2, text: expect.stringContaining(message) });
  });

  it('says so when there is no folder', () => {
    const nowhere = { RAPPORT_DATA: join(folder, 'nowhere') };
    expect(inspect(['verify'], nowhere)).toMatchObject({
      exitCode: 2,
      text: expect.stringContaining('There is no folder'),
    });
    expect(inspect([], {}).text).toContain('Usage: npm run inspect');
  });
});
