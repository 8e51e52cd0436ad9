import { turn } from '@rapport/kernel';
import type { CheckedQuery, SortValue } from '@rapport/read-models';
import type { ReadModelAccess, Walk } from './sqlite-read-model-access.js';
import type { ReadModelColumns } from './sqlite-read-model-columns.js';
import type { Condition } from './sqlite-read-model-equality.js';
import { filterCondition, join } from './sqlite-read-model-filter.js';
import { stretchesOf, wholeOrder } from './sqlite-read-model-page.js';
import { isShort, partsOf } from './sqlite-read-model-parts.js';
import type { Way } from './sqlite-read-model-ways.js';
import type { Queries } from './statements.js';

/**
 * How many documents are looked at in the order of the sort before anything else is weighed: where most match, as for somebody
 * who sees half of a list, these fill the page. So many times the page.
 */
const GLIMPSE = 3;
/** How many before the filter is given the lead. */
const GLANCE = 2_000;
/**
 * And where all of them are to be counted as well. A filter that fills no page within it is met by so few of each part of a
 * table that one look through finds the page and the total, see {@link MOST_OF_A_PART}.
 */
const GLANCE_BEFORE_COUNTING = 1_000;
/** So many matches of an indexed value are collected and sorted as quickly as a glance is cast. */
const FEW = 500;
/** Matches of one part of a table are kept in mind up to here; of more, only the first in the order. */
const MOST_OF_A_PART = 1_000;

/** What a search found. */
export interface FoundPage {
  /** Of a page's documents, and of one more where there is one. */
  readonly texts: readonly string[];
  /** How many documents match in all, where all were looked at anyway. */
  readonly matches?: number;
}

export const findPage = async (database: Queries, access: ReadModelAccess, query: CheckedQuery): Promise<FoundPage> => {
  const search = new PageSearch(database, access, query);
  const walk = access.walk(query.filter, query.sort);
  if (!query.filter) return walk ? { texts: await search.walk(walk) } : search.collect();
  const page = query.limit + 1;
  const seen = walk && !walk.narrows && search.glance(walk, page * GLIMPSE);
  if (seen) return { texts: seen };
  const few = walk?.narrows ? page : Math.max(page, FEW);
  const lead = access.lead(query.tenant, query.filter, few);
  if (lead) return search.collect(lead);
  if (walk?.narrows) return { texts: await search.walk(walk) };
  const texts = walk && search.glance(walk, query.total ? GLANCE_BEFORE_COUNTING : GLANCE);
  return texts ? { texts } : search.collect(access.longLead(query.tenant, query.filter, few));
};

class PageSearch {
  private readonly wanted: number;
  private readonly filter: Condition;

  constructor(
    private readonly database: Queries,
    private readonly access: ReadModelAccess,
    private readonly query: CheckedQuery,
  ) {
    this.wanted = query.limit + 1;
    this.filter = query.filter ? filterCondition(query.filter, access.columns) : { sql: 'TRUE', values: [] };
  }

  /** Along an index that has the query's order, part by part, stopping when the page is full. */
  async walk(walk: Walk): Promise<readonly string[]> {
    const found: string[] = [];
    for (let { after } = this.query; ; await turn()) {
      after = this.walkOn(walk, after, found);
      if (!after) return found;
    }
  }

  /** Adds what one part has, and answers where that ends; undefined when the page is full or nothing is left. */
  private walkOn({ index, fixed }: Walk, after: CheckedQuery['after'], found: string[]): CheckedQuery['after'] {
    const { tenant, sort } = this.query;
    const { table, columns } = this.access;
    const near = nearOf(fixed, columns);
    for (const { condition, order } of stretchesOf({ ...this.query, after }, columns)) {
      const along = (selected: string) => `SELECT ${selected} FROM ${table} INDEXED BY ${index}
        WHERE tenant = ? AND ${near.sql} AND ${condition.sql} ORDER BY ${order} LIMIT`;
      const values = [tenant, ...near.values, ...condition.values];
      // Documents are long: only those that match are read.
      const looked = along(['rowid AS place', 'id', ...columns.names].join(', '));
      const sql = `SELECT place FROM (${looked} ${GLANCE}) WHERE ${this.filter.sql} LIMIT ?`;
      const places = this.run(sql, [...values, ...this.filter.values, this.wanted - found.length], 'place');
      const document = `SELECT document FROM ${table} WHERE rowid = ?`;
      found.push(...places.flatMap((place) => this.run(document, [place])));
      if (found.length === this.wanted) return undefined;
      const keys = sort.map(({ field }, n) => `${columns.of(field).key} AS s${n}`);
      const last = this.database.prepare(`${along(['id', ...keys].join(', '))} 1 OFFSET ${GLANCE - 1}`).get(...values);
      if (last) return { id: last['id'] as string, values: sort.map((_, n) => last[`s${n}`] as SortValue) };
    }
    return undefined;
  }

  /**
   * Filters the first documents in the query's order; undefined when they do not decide the page. SQLite cannot tell how
   * many documents a filter matches: where it is many, a page is full after a few steps along the index, while collecting
   * and sorting them all would be slow.
   */
  glance({ index, fixed }: Walk, most: number): readonly string[] | undefined {
    const found: string[] = [];
    const { table, columns } = this.access;
    const near = nearOf(fixed, columns);
    for (const { condition, order } of stretchesOf(this.query, columns)) {
      const values = [this.query.tenant, ...near.values, ...condition.values, most];
      const first = (selected: string) => `(SELECT ${selected} FROM ${table} INDEXED BY ${index}
        WHERE tenant = ? AND ${near.sql} AND ${condition.sql} ORDER BY ${order} LIMIT ?)`;
      const sql = `SELECT document FROM ${first('*')} WHERE ${this.filter.sql} LIMIT ?`;
      found.push(...this.run(sql, [...values, ...this.filter.values, this.wanted - found.length]));
      if (found.length === this.wanted) return found;
      const seen = this.database.prepare(`SELECT count(*) AS n FROM ${first('1')}`).get(...values);
      if (seen!['n'] === most) return undefined;
    }
    return found;
  }

  /** Every match, found by the filter or a scan, then sorted. */
  async collect(way?: Way): Promise<FoundPage> {
    const { tenant } = this.query;
    const isLong = !way && this.access.isScanned(tenant) && !isShort(this.database, this.access.table);
    return isLong ? this.scan() : { texts: this.sorted('document', this.access.source(tenant, way)) };
  }

  /** Part by part: the few matches of each, or those that are first of its many. */
  private async scan(): Promise<FoundPage> {
    const { table } = this.access;
    const { tenant } = this.query;
    const source = this.access.source(tenant, undefined);
    const rows: string[] = [];
    let matches = 0;
    for await (const part of partsOf(this.database, table)) {
      const values = [...source.values, ...part.values];
      const here = { sql: `${source.sql} AND ${part.sql}`, values };
      const matching = { sql: `${here.sql} AND ${this.filter.sql}`, values: [...values, ...this.filter.values] };
      const some = this.run(`SELECT rowid FROM ${matching.sql} LIMIT ${MOST_OF_A_PART}`, matching.values, 'rowid');
      const isAll = some.length < MOST_OF_A_PART;
      matches += isAll ? some.length : this.count(matching);
      rows.push(...(isAll ? some : this.sorted('rowid', here)));
    }
    const sql = `${table} NOT INDEXED WHERE rowid IN (SELECT value FROM json_each(?)) AND tenant = ?`;
    return { texts: this.sorted('document', { sql, values: [JSON.stringify(rows), tenant] }), matches };
  }

  private count({ sql, values }: Condition): number {
    return Number(this.database.prepare(`SELECT count(*) AS n FROM ${sql}`).get(...values)!['n']);
  }

  private sorted(column: 'document' | 'rowid', source: Condition): string[] {
    const { condition, order } = wholeOrder(this.query, this.access.columns);
    const sql = `SELECT ${column} FROM ${source.sql} AND ${this.filter.sql} AND ${condition.sql}
      ORDER BY ${order} LIMIT ?`;
    return this.run(sql, [...source.values, ...this.filter.values, ...condition.values, this.wanted], column);
  }

  private run(sql: string, values: Condition['values'], column = 'document'): string[] {
    const rows = this.database.prepare(sql).all(...values);
    return rows.map((row) => row[column] as string);
  }
}

/** What everything along an index has in common. */
const nearOf = (fixed: Walk['fixed'], columns: ReadModelColumns): Condition =>
  join(
    fixed.map((term) => filterCondition(term, columns)),
    'AND',
  );
