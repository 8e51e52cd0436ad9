import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { positionOf } from '@rapport/kernel';
import { parseFilter, type Collection, type Document, type Query } from '@rapport/read-models';
import { Scope } from '@rapport/read-models/scope';
import { openDatabase, type SqliteDatabase } from './database.js';
import { READ_MODEL_SCHEMA } from './sqlite-read-model-schema.js';
import { SqliteReadModelStore } from './sqlite-read-model-store.js';

const BOATS = {
  name: 'boats',
  fields: { name: 'text', rank: 'number', afloat: 'boolean', wharf: 'text', length: 'number' },
  indexes: [['name'], ['afloat', 'length'], ['wharf', 'length']],
} as const;
const DOCUMENTS = 24_000;
const PAGE = 150;

interface Boat extends Document {
  readonly name: string;
  readonly rank: number;
  readonly afloat: boolean;
  readonly wharf: string;
  readonly length?: number;
}

const all = Array.from({ length: DOCUMENTS }, (_, n): Boat => {
  const rank = (n * 7_919) % 10_007;
  const owner = { id: String(n).padStart(6, '0'), tenant: n % 3 === 0 ? 'other' : 'main' };
  const length = n % 4 === 0 ? {} : { length: rank % 31 };
  return { ...owner, name: `boat ${rank % 97} x`, rank, afloat: n % 10 !== 0, wharf: 'north', ...length };
});

let database: SqliteDatabase;
let store: SqliteReadModelStore;
let boats: Collection<Boat>;
const write = (documents: readonly Boat[], at: number): Promise<void> => {
  const toWrite = ({ id, tenant, ...rest }: Boat) => {
    return { collection: boats, tenant, id, position: positionOf(at), document: { id, tenant, ...rest } };
  };
  return store.write({ writes: documents.map(toWrite) });
};

beforeEach(async () => {
  database = openDatabase({ file: ':memory:', schema: READ_MODEL_SCHEMA });
  store = new SqliteReadModelStore(database);
  boats = await store.collection<Boat>(BOATS);
  await write(all, 1);
});
afterEach(() => store.close());

const filter = parseFilter('name:"7 x"', BOATS.fields);
const sort = [{ field: 'rank', descending: true }];
const matching = (tenant: string): Boat[] =>
  all
    .filter((boat) => boat.tenant === tenant && boat.name.includes('7 x'))
    .sort((one, another) => another.rank - one.rank || (one.id < another.id ? 1 : -1));

/** How often others had their turn meanwhile. */
const turnsDuring = async (work: Promise<unknown>): Promise<number> => {
  let [turns, isOver] = [0, false];
  const other = (): void => {
    turns += 1;
    if (!isOver) setImmediate(other);
  };
  setImmediate(other);
  await work.finally(() => (isOver = true));
  return turns;
};

const pagesOf = async (tenant: string, query: Pick<Query, 'filter' | 'sort'>): Promise<readonly string[]> => {
  const found: string[] = [];
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const page = await boats.query(new Scope(tenant), { ...query, limit: PAGE, ...(cursor ? { cursor } : {}) });
    found.push(...page.documents.map(({ id }) => id));
    cursor = page.next;
  }
  return found;
};

describe('a long list along an index', () => {
  it.each([
    ['wharf = north', true],
    ['wharf = north', false],
    ['afloat = true', true],
    ['afloat = true', false],
  ])('is walked in parts to the end, with what has no value last: %s, descending %s', async (where, descending) => {
    const afloat = parseFilter(`${where} name:"7 x"`, BOATS.fields);
    const found = await pagesOf('main', { filter: afloat, sort: [{ field: 'length', descending }] });
    const sign = descending ? -1 : 1;
    const worth = ({ length }: Boat): number => (length === undefined ? sign * Infinity : length) * sign;
    const expected = matching('main')
      .filter((boat) => boat.afloat || where !== 'afloat = true')
      .sort((one, another) => {
        const [left, right] = [worth(one), worth(another)];
        return left === right ? sign * (one.id < another.id ? -1 : 1) : left - right;
      });
    expect(found).toEqual(expected.map(({ id }) => id));
  });

  it('lets others have their turn in between', async () => {
    const nothing = parseFilter('wharf = north name:"nobody"', BOATS.fields);
    const query = { filter: nothing, sort: [{ field: 'length' }], limit: PAGE };
    expect(await turnsDuring(boats.query(new Scope('main'), query))).toBeGreaterThan(3);
  });
});

describe('a long list that no index leads through', () => {
  it.each(['main', 'other'])('is looked through in parts, and answers as in one go: %s', async (tenant) => {
    const scope = new Scope(tenant);
    const found = await pagesOf(tenant, { filter, sort });
    const expected = matching(tenant).map(({ id }) => id);
    expect(found).toEqual(expected);
    expect(await boats.count(scope, filter)).toBe(expected.length);
  });

  it('lets others have their turn in between', async () => {
    const scope = new Scope('main');
    expect(await turnsDuring(boats.query(scope, { filter, sort, limit: PAGE }))).toBeGreaterThanOrEqual(1);
    expect(await turnsDuring(boats.count(scope, filter))).toBeGreaterThanOrEqual(1);
  });

  it('never shows what does not match by the time it is shown', async () => {
    const scope = new Scope('main');
    const first = matching('main')[0]!;
    const asked = boats.query(scope, { filter, sort, limit: PAGE });
    await write([{ ...first, name: 'renamed' }], 2);
    const { documents } = await asked;
    expect(documents.filter(({ name }) => !name.includes('7 x'))).toEqual([]);
  });

  it('is asked of the generation that is there, where one is dropped meanwhile', async () => {
    const scope = new Scope('main');
    const next = await store.collection<Boat>(BOATS, 'next');
    const before = boats.generation;
    const asked = Array.from({ length: 30 }, () => boats.count(scope, filter));
    await store.activate(BOATS.name, 'next');
    await store.drop(BOATS.name, before);
    const counts = new Set(await Promise.all(asked));
    expect([...counts].filter((count) => count !== 0 && count !== matching('main').length)).toEqual([]);
    expect(counts).toContain(0);
    expect(await next.count(scope, filter)).toBe(0);
  });
});

describe('of several ways to what is asked for', () => {
  const named = Array.from({ length: 7 }, (_, n) => `boat ${n} x`);
  const ofNames = `(${named.map((name) => `name = "${name}"`).join(' OR ')})`;

  it.each([`wharf = north ${ofNames}`, `${ofNames} wharf = north`])(
    'the shorter is taken, whichever is named first: %s',
    async (text) => {
      const prepare = database.prepare.bind(database);
      const seen: string[] = [];
      database.prepare = (sql) => (seen.push(sql), prepare(sql));
      const found = await pagesOf('main', { filter: parseFilter(text, BOATS.fields), sort });
      expect(found).toHaveLength(all.filter(({ name, tenant }) => tenant === 'main' && named.includes(name)).length);
      const collected = seen.filter((sql) => sql.startsWith('SELECT document FROM'));
      expect(collected.length).toBeGreaterThan(0);
      for (const sql of collected) expect(sql).toContain('WHERE tenant = ? AND k0 IN');
    },
  );

  it('none is where each leads to nearly everything', async () => {
    const prepare = database.prepare.bind(database);
    const seen: string[] = [];
    database.prepare = (sql) => (seen.push(sql), prepare(sql));
    await boats.query(new Scope('main'), {
      filter: parseFilter('wharf = north rank > 3', BOATS.fields),
      sort,
      limit: PAGE,
    });
    expect(seen.filter((sql) => sql.startsWith('SELECT document FROM') && sql.includes('NOT INDEXED'))).not.toEqual([]);
  });
});

describe('a total', () => {
  const looks = async (text: string, query: Partial<Query>): Promise<readonly string[]> => {
    const seen: string[] = [];
    const prepare = database.prepare.bind(database);
    database.prepare = (sql) => (seen.push(sql), prepare(sql));
    const asked = { filter: parseFilter(text, BOATS.fields), limit: PAGE, sort, total: true, ...query };
    const { total } = await boats.query(new Scope('main'), asked);
    database.prepare = prepare;
    expect(total).toBe(await boats.count(new Scope('main'), asked.filter));
    return seen;
  };

  it('is what the look for the page has counted, where all were looked at', async () => {
    const seen = await looks('name:"77 x"', {});
    expect(seen.filter((sql) => sql.includes('count(*)') && sql.includes('rowid'))).toHaveLength(0);
  });

  it('is counted by the look for the page where a short glance does not fill it', async () => {
    // One in 41: 2,000 of them in the order would fill it, 1,000 do not.
    const seen = await looks('length = 7 rank > 20', { sort: [{ field: 'name' }], limit: 30 });
    expect(seen.filter((sql) => sql.includes('count(*)') && sql.includes('rowid'))).toHaveLength(0);
  });

  it('of what an index begins with is counted along that index, without a look at the documents', async () => {
    const prepare = database.prepare.bind(database);
    const seen: string[] = [];
    database.prepare = (sql) => (seen.push(sql), prepare(sql));
    const asked = parseFilter('afloat = true', BOATS.fields);
    expect(await boats.count(new Scope('main'), asked)).toBe(
      all.filter((boat) => boat.afloat && boat.tenant === 'main').length,
    );
    const plans = seen.map((sql) =>
      prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map((step) => String(step['detail']))
        .join(),
    );
    expect(plans.at(-1)).toContain('USING COVERING INDEX');
  });

  it.each(['rank >= 0', 'rank >= 0 length > 3', 'afloat = true', 'wharf = north'])(
    'is exact where many match: %s',
    (text) => looks(text, {}),
  );
});
