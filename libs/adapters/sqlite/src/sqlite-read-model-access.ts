import { fixedFields, type CheckedSort, type Filter } from '@rapport/read-models';
import { entriesTable } from './sqlite-read-model-open.js';
import { indexName, keyIndexName, type ReadModelColumns } from './sqlite-read-model-columns.js';
import type { Condition } from './sqlite-read-model-equality.js';
import { lookedUp, waysTo, type Way } from './sqlite-read-model-ways.js';
import type { Queries } from './statements.js';

/** Share of documents by which the table may have grown since they were counted before they are counted again. */
const STALE_SHARE = 0.1;
/** From this share of the table on, reading all of it in place beats following the tenant's index entry by entry. */
const SCAN_SHARE = 0.25;
/** A way that is too long is compared with others that are so many times longer. */
const LONGER = 8;

/** An index that has a query's order. */
export interface Walk {
  readonly index: string;
  /** The index starts with fields that the filter fixes by these terms. */
  readonly fixed: readonly Filter[];
  /** One of them is no boolean: everything along the index is near the answer. */
  readonly narrows: boolean;
}

/** How many documents a tenant had, and which row was the last then. */
type Estimates = Map<string, { readonly count: number; readonly last: number }>;

/**
 * How the documents of a table are reached. SQLite's planner has no figures about these tables and would take any index
 * for better than none; here the choice is made from the declaration, the filter and the number of documents.
 */
export class ReadModelAccess {
  constructor(
    private readonly database: Queries,
    readonly table: string,
    readonly columns: ReadModelColumns,
    private readonly estimates: Estimates = new Map(),
  ) {}

  /** The same table, asked for other fields. */
  as(columns: ReadModelColumns): ReadModelAccess {
    return new ReadModelAccess(this.database, this.table, columns, this.estimates);
  }

  /** Judged by the table's last row, which tells what other threads have written, too. */
  estimatedCount(tenant: string, last = this.lastRow()): number {
    const known = this.estimates.get(tenant);
    if (known && Math.abs(last - known.last) <= known.count * STALE_SHARE) return known.count;
    const row = this.database.prepare(`SELECT count(*) AS n FROM ${this.table} WHERE tenant = ?`).get(tenant);
    const count = Number(row!['n']);
    this.estimates.set(tenant, { count, last });
    return count;
  }

  /** The index to walk for a sort: the primary key for none, otherwise declared fields in the sort's order and direction. */
  walk(filter: Filter | undefined, sort: readonly CheckedSort[]): Walk | undefined {
    if (sort.length === 0) return { index: keyIndexName(this.table), fixed: [], narrows: false };
    const fixed = fixedFields(filter);
    const candidates = this.columns.indexes.flatMap((index) => {
      const { fields, partial } = index;
      const before = fields.length - sort.length;
      const terms = fields.slice(0, Math.max(0, before)).map((field) => fixed.get(field));
      const serves = before >= Number(partial) && terms.every((term) => term !== undefined) && ends(fields, sort);
      const narrows = fields.slice(0, terms.length).some((field) => this.columns.of(field).type !== 'boolean');
      return serves ? [{ index: indexName(this.table, index), fixed: terms, narrows }] : [];
    });
    return candidates.sort((a, b) => b.fixed.length - a.fixed.length)[0];
  }

  /** The index whose entries tell alone what a filter matches, and lead to nothing else. */
  indexOfAll(filter: Filter): string | undefined {
    const fixed = fixedFields(filter);
    const terms = filter.kind === 'and' ? filter.terms : [filter];
    // Of a text an index knows the key alone.
    const isTold = (field: string): boolean => fixed.has(field) && !this.columns.of(field).type.startsWith('text');
    const index = this.columns.indexes.find(
      ({ fields }) => terms.length <= fields.length && fields.slice(0, terms.length).every(isTold),
    );
    return index && fixed.size === terms.length ? indexName(this.table, index) : undefined;
  }

  /** The first way to a filter's matches that leads to no more than `most` of them. */
  lead(tenant: string, filter: Filter, most: number): Way | undefined {
    const ways = waysTo(filter, this.columns, this.table);
    return ways.find((way) => this.entries(tenant, way, most + 1) <= most);
  }

  /**
   * About the shortest way to a filter's matches that leads to more than `most` of them; undefined where reading all of the table beats
   * each. What somebody may see is often a long way, and what is asked for a short one, or the other way round.
   */
  longLead(tenant: string, filter: Filter, most: number): Way | undefined {
    const ways = waysTo(filter, this.columns, this.table);
    const longest = this.estimatedCount(tenant) * SCAN_SHARE;
    for (let length = most * LONGER; ways.length > 0; length *= LONGER) {
      const bound = Math.floor(Math.min(length, longest));
      const way = ways.find((each) => this.entries(tenant, each, bound + 1) <= bound);
      if (way || length >= longest) return way;
    }
    return undefined;
  }

  /** What follows `FROM`, up to the tenant: along the indexes of a way, otherwise through the table. */
  source(tenant: string, way: Way | undefined): Condition {
    if (!way) return { sql: `${this.scan(tenant)} WHERE tenant = ?`, values: [tenant] };
    const [only, another] = way;
    if (another || only.entries) {
      const entries = this.entriesOf(tenant, way);
      const sql = `${this.table} NOT INDEXED WHERE rowid IN (${entries.sql}) AND tenant = ?`;
      return { sql, values: [...entries.values, tenant] };
    }
    const { sql, values } = lookedUp(only);
    const from = `${this.table} INDEXED BY ${only.index} WHERE tenant = ? AND ${sql}`;
    return { sql: from, values: [tenant, ...values] };
  }

  private scan(tenant: string): string {
    return this.isScanned(tenant) ? `${this.table} NOT INDEXED` : this.table;
  }

  /** Whether all of the table is read where no index leads to what is looked for. */
  isScanned(tenant: string): boolean {
    const last = this.lastRow();
    return this.estimatedCount(tenant, last) >= last * SCAN_SHARE;
  }

  private lastRow(): number {
    return Number(this.database.prepare(`SELECT max(rowid) AS n FROM ${this.table}`).get()!['n']);
  }

  /** How many index entries a way has, counted up to `most`. */
  private entries(tenant: string, way: Way, most: number): number {
    const { sql, values } = this.entriesOf(tenant, way);
    const counted = this.database.prepare(`SELECT count(*) AS n FROM (${sql} LIMIT ?)`).get(...values, most);
    return Number(counted!['n']);
  }

  private entriesOf(tenant: string, way: Way): Condition {
    const entries = way.map((lookup) => {
      const { index, entries: field } = lookup;
      const condition = lookedUp(lookup);
      if (field !== undefined) return this.openEntries(tenant, field, condition);
      const sql = `SELECT rowid FROM ${this.table} INDEXED BY ${index} WHERE tenant = ? AND ${condition.sql}`;
      return { sql, values: [tenant, ...condition.values] };
    });
    return { sql: entries.map(({ sql }) => sql).join(' UNION ALL '), values: entries.flatMap(({ values }) => values) };
  }

  private openEntries(tenant: string, field: string, condition: Condition): Condition {
    const sql = `SELECT d.rowid FROM ${entriesTable(this.table)} e CROSS JOIN ${this.table} d ON d.tenant = e.tenant AND d.id = e.id
      WHERE e.tenant = ? AND e.field = ? AND ${condition.sql}`;
    return { sql, values: [tenant, field, ...condition.values] };
  }
}

const ends = (index: readonly string[], sort: readonly CheckedSort[]): boolean =>
  sort.every(
    ({ field, descending }, i) => field === index[index.length - sort.length + i] && descending === sort[0]!.descending,
  );
