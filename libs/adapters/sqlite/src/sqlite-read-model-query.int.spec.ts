import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { positionOf } from '@rapport/kernel';
import { parseFilter, type Collection, type Document, type Query } from '@rapport/read-models';
import { openDatabase, type SqliteDatabase } from './database.js';
import { READ_MODEL_SCHEMA } from './sqlite-read-model-schema.js';
import { SqliteReadModelStore } from './sqlite-read-model-store.js';

const CONTACTS = {
  name: 'contacts',
  fields: { name: 'text', stage: 'text', city: 'text', score: 'number' },
  indexes: [['name'], ['stage', 'name'], ['score']],
} as const;

describe('how SQLite answers a query', () => {
  let database: SqliteDatabase;
  let store: SqliteReadModelStore;
  let contacts: Collection<Document>;
  let statements: string[];

  beforeEach(async () => {
    database = openDatabase({ file: ':memory:', schema: READ_MODEL_SCHEMA });
    store = new SqliteReadModelStore(database);
    contacts = await store.collection(CONTACTS);
    const writes = Array.from({ length: 3000 }, (_, i) => {
      const id = String(i).padStart(5, '0');
      const document = { id, tenant: 't', name: `n${id}`, stage: ['open', 'won'][i % 2], city: `c${i % 9}`, score: i };
      return { collection: contacts, tenant: 't', id, position: positionOf(1), document };
    });
    await store.write({ writes });
    const prepare = database.prepare.bind(database);
    statements = [];
    database.prepare = (sql) => {
      statements.push(sql);
      return prepare(sql);
    };
  });
  afterEach(() => store.close());

  /** The plans of the statements that a second page needs. */
  const plansOf = async (filter: string, query: Partial<Query>): Promise<string> => {
    const asked = { ...query, filter: parseFilter(filter, CONTACTS.fields), limit: 10 };
    const { next } = await contacts.query('t', asked);
    statements.length = 0;
    const page = await contacts.query('t', { ...asked, cursor: next! });
    expect(page.documents).toHaveLength(10);
    return statements
      .filter((sql) => sql.includes('SELECT document'))
      .flatMap((sql) => database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all())
      .map((step) => String(step['detail']))
      .join('\n');
  };

  it.each([
    ['a sort', '', { sort: [{ field: 'name' }] }, 'by_0 (tenant=? AND (k0,id)>(?,?))'],
    ['a sort backwards', '', { sort: [{ field: 'score', descending: true }] }, 'by_2 (tenant=? AND (v3,id)<(?,?))'],
    ['no sort', '', {}, 'sqlite_autoindex_read_model_1_1 (tenant=? AND id>?)'],
    ['a filter and a sort', 'stage = won', { sort: [{ field: 'name' }] }, 'by_1 (tenant=? AND k1=? AND (k0,id)>(?,?))'],
    ['a sort, filtering as it goes', 'city != c1', { sort: [{ field: 'name' }] }, 'by_0 (tenant=? AND (k0,id)>(?,?))'],
  ])('walks the index of %s from the cursor on, without sorting', async (_, filter, query, step) => {
    const plan = await plansOf(filter, query);
    expect(plan).toContain(step);
    expect(plan).not.toContain('TEMP B-TREE');
    expect(plan).not.toMatch(/SCAN read_model/);
  });

  it('finds a rare value by its own index and sorts what it found', async () => {
    const filter = parseFilter('score = 2999', CONTACTS.fields);
    const { documents } = await contacts.query('t', { filter, sort: [{ field: 'name' }], limit: 10 });
    expect(documents).toMatchObject([{ id: '02999' }]);
    const plan = database.prepare(
      `EXPLAIN QUERY PLAN ${statements.findLast((sql) => sql.includes('SELECT document'))}`,
    );
    expect(plan.all().map((step) => step['detail'])).toEqual([
      'SEARCH read_model_1 USING INDEX read_model_1_by_2 (tenant=? AND v3=?)',
      'USE TEMP B-TREE FOR ORDER BY',
    ]);
  });
});
