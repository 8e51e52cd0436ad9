import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { positionOf } from '@rapport/kernel';
import {
  and,
  not,
  or,
  parseFilter,
  where,
  type Collection,
  type Document,
  type Filter,
  type Query,
} from '@rapport/read-models';
import { Scope } from '@rapport/read-models/scope';
import { openDatabase, type SqliteDatabase } from './database.js';
import { READ_MODEL_SCHEMA } from './sqlite-read-model-schema.js';
import { SqliteReadModelStore } from './sqlite-read-model-store.js';

const CONTACTS = {
  name: 'contacts',
  fields: { name: 'text', stage: 'text', city: 'text', score: 'number', id: 'text', team: 'text' },
  indexes: [['name'], ['stage', 'name'], ['score']],
  lookups: [['team', 'name']],
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
      const fields = { name: `n${id}`, stage: ['open', 'won'][i % 2], city: `c${i % 9}`, score: i };
      const document = { id, tenant: 't', ...fields, ...(i % 50 === 0 && { team: `T${(i / 50) % 2}` }) };
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
    const { next } = await contacts.query(new Scope('t'), asked);
    statements.length = 0;
    const page = await contacts.query(new Scope('t'), { ...asked, cursor: next! });
    expect(page.documents).toHaveLength(10);
    return statements
      .filter((sql) => /SELECT (document|place)/.test(sql))
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
    [
      'what is narrowed to a value',
      'team = T1',
      { sort: [{ field: 'name' }] },
      'of_0 (tenant=? AND k5=? AND (k0,id)>(?,?))',
    ],
  ])('walks the index of %s from the cursor on, without sorting', async (_, filter, query, step) => {
    const plan = await plansOf(filter, query);
    expect(plan).toContain(step);
    expect(plan).not.toContain('TEMP B-TREE');
    expect(plan).not.toMatch(/SCAN read_model/);
  });

  /** The steps of the only statement that read documents after a glimpse in the order of the list, and the ids of those. */
  const answerTo = async (filter: Filter, query: Partial<Query> = {}) => {
    statements.length = 0;
    const { documents } = await contacts.query(new Scope('t'), { ...query, filter, limit: 200 });
    const reading = statements.filter((sql) => /SELECT (document|place)/.test(sql));
    expect(reading.length).toBeLessThanOrEqual(2);
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${reading.at(-1)}`).all();
    return { ids: documents.map(({ id }) => id), steps: plan.map((step) => String(step['detail'])) };
  };
  const VALUES = Array.from({ length: 100 }, (_, i) => 29 * i);
  const idOf = (score: number) => String(score).padStart(5, '0');
  const search = (step: string) => `SEARCH read_model_1 USING ${step}`;

  it('finds a rare value by its own index at once and sorts what it found', async () => {
    const { ids, steps } = await answerTo(where('score', '=', 2999), { sort: [{ field: 'name' }] });
    expect(ids).toEqual(['02999']);
    expect(steps).toEqual([search('INDEX read_model_1_by_2 (tenant=? AND v3=?)'), 'USE TEMP B-TREE FOR ORDER BY']);
  });

  it.each([
    ['alone', (any: Filter) => any],
    ['beside other terms', (any: Filter) => and(where('city', '!=', 'c99'), and(any))],
    ['in one of several terms', (any: Filter) => and(where('stage', '!=', 'lost'), not(where('city', '=', 'x')), any)],
  ])('finds one of many values of a field by its index, %s', async (_, within) => {
    const names = VALUES.map((n) => `N${idOf(n)}`.toLowerCase());
    const { ids, steps } = await answerTo(within(or(...names.map((name) => where('name', '=', name)))));
    expect(ids).toEqual(VALUES.map(idOf));
    expect(steps[0]).toBe(search('INDEX read_model_1_by_0 (tenant=? AND k0=?)'));
  });

  it('finds one of many values of several fields, the id among them, by the index of each', async () => {
    const any = VALUES.flatMap((n) => [
      where('name', '=', `n${idOf(n)}`),
      where('score', '=', n + 1),
      where('id', '=', idOf(n + 2)),
      and(where('city', '!=', 'c99'), where('name', '=', `n${idOf(n + 2)}`)),
    ]);
    const { ids, steps } = await answerTo(and(where('city', '!=', 'c99'), or(...any.slice(0, 120))));
    expect(ids).toEqual(VALUES.slice(0, 30).flatMap((n) => [n, n + 1, n + 2].map(idOf)));
    expect(steps.filter((step) => step.startsWith('SEARCH'))).toEqual([
      search('INTEGER PRIMARY KEY (rowid=?)'),
      search('COVERING INDEX read_model_1_by_0 (tenant=? AND k0=?)'),
      search('COVERING INDEX read_model_1_by_2 (tenant=? AND v3=?)'),
      search('COVERING INDEX sqlite_autoindex_read_model_1_1 (tenant=? AND id=?)'),
    ]);
    expect(steps.filter((step) => step.startsWith('SCAN'))).toEqual([]);
  });

  it('finds the start of a text by its index', async () => {
    const { ids, steps } = await answerTo(where('name', 'starts-with', 'N0299'), { sort: [{ field: 'score' }] });
    expect(ids).toEqual(Array.from({ length: 10 }, (_, i) => idOf(2990 + i)));
    expect(steps[0]).toBe(search('INDEX read_model_1_by_0 (tenant=? AND k0>? AND k0<?)'));
  });

  it('finds what few documents have by an index of those, and all where it is missing or what they are sorted by', async () => {
    const some = await answerTo(or(where('team', '=', 'T0'), where('team', '=', 'T2')), { sort: [{ field: 'score' }] });
    expect(some.ids).toEqual(Array.from({ length: 30 }, (_, i) => idOf(100 * i)));
    expect(some.steps[0]).toBe(search('INDEX read_model_1_of_0 (tenant=? AND k5=?)'));
    const begun = await answerTo(where('team', 'starts-with', 't'));
    expect(begun.ids).toHaveLength(60);
    expect(begun.steps[0]).toBe(search('INDEX read_model_1_of_0 (tenant=? AND k5>? AND k5<?)'));
    expect(await contacts.count(new Scope('t'), where('team', '=', null))).toBe(2940);
    const { documents } = await contacts.query(new Scope('t'), { sort: [{ field: 'team' }], limit: 61 });
    expect(documents.map((document) => (document as { team?: string }).team)).toEqual([
      ...Array<string>(30).fill('T0'),
      ...Array<string>(30).fill('T1'),
      undefined,
    ]);
  });

  it('takes equal texts for equal only when they are exactly so', async () => {
    const any = or(where('name', '=', 'N00001'), where('name', '=', 'n00002'), where('id', '=', '0000X'));
    expect((await answerTo(any)).ids).toEqual(['00002']);
    expect(await contacts.count(new Scope('t'), any)).toBe(1);
    expect(await contacts.count(new Scope('other'), any)).toBe(0);
  });

  it('looks in the order of the sort first where an indexed value has many matches', async () => {
    const { steps } = await answerTo(where('stage', '=', 'won'), { sort: [{ field: 'score' }] });
    expect(steps.join()).toContain('read_model_1_by_2 (tenant=? AND v3>?)');
  });

  it('scans once where a term of a disjunction has no index', async () => {
    const any = or(where('name', '=', 'n00007'), where('city', '=', 'c5'));
    const { ids } = await answerTo(any, { sort: [{ field: 'name' }] });
    expect(ids.slice(0, 2)).toEqual(['00005', '00007']);
    expect(await contacts.count(new Scope('t'), any)).toBe(334);
  });
});
