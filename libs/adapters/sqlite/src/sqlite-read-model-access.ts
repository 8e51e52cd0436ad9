import type { CheckedSort, Filter } from '@rapport/read-models';
import type { SqliteDatabase } from './database.js';
import { indexName, type ReadModelColumns } from './sqlite-read-model-columns.js';

/** Share of documents that may have been written since they were counted before they are counted again. */
const STALE_SHARE = 0.1;
/** From this share of the table on, reading all of it in place beats following the tenant's index entry by entry. */
const SCAN_SHARE = 0.25;

/** An index that has a query's order. */
export interface Walk {
  readonly index: string;
  /** The index starts with fields that the filter fixes: everything along it is near the answer. */
  readonly narrowed: boolean;
}

/**
 * How the documents of a table are reached. SQLite's planner has no figures about these tables and would take any index
 * for better than none; here the choice is made from the declaration, the filter and the number of documents.
 */
export class ReadModelAccess {
  private readonly estimates = new Map<string, { readonly count: number; readonly writes: number }>();
  private writes = 0;

  constructor(
    private readonly database: SqliteDatabase,
    readonly table: string,
    readonly columns: ReadModelColumns,
  ) {}

  wrote(): void {
    this.writes += 1;
  }

  estimatedCount(tenant: string): number {
    const known = this.estimates.get(tenant);
    if (known && this.writes - known.writes <= known.count * STALE_SHARE) return known.count;
    const row = this.database.prepare(`SELECT count(*) AS n FROM ${this.table} WHERE tenant = ?`).get(tenant);
    const count = Number(row!['n']);
    this.estimates.set(tenant, { count, writes: this.writes });
    return count;
  }

  /** The index to walk for a sort: the primary key for none, otherwise declared fields in the sort's order and direction. */
  walk(filter: Filter | undefined, sort: readonly CheckedSort[]): Walk | undefined {
    if (sort.length === 0) return { index: `sqlite_autoindex_${this.table}_1`, narrowed: false };
    const fixed = fixedFields(filter);
    const candidates = this.columns.declaration.indexes.flatMap((index, i) => {
      const before = index.length - sort.length;
      const serves = before >= 0 && index.slice(0, before).every((field) => fixed.has(field)) && ends(index, sort);
      return serves ? [{ index: indexName(this.table, i), before }] : [];
    });
    const [best] = candidates.sort((a, b) => b.before - a.before);
    return best && { index: best.index, narrowed: best.before > 0 };
  }

  /** The table with the way to find what a filter matches, for `FROM`: an index whose first field is fixed, or a scan. */
  from(tenant: string, filter: Filter | undefined): string {
    const fixed = fixedFields(filter);
    const { indexes, fields } = this.columns.declaration;
    // A boolean fixes too little.
    const leading = indexes.findIndex(([first]) => first && fixed.has(first) && fields[first] !== 'boolean');
    if (leading >= 0) return `${this.table} INDEXED BY ${indexName(this.table, leading)}`;
    const last = this.database.prepare(`SELECT max(rowid) AS n FROM ${this.table}`).get();
    return this.estimatedCount(tenant) >= Number(last!['n']) * SCAN_SHARE ? `${this.table} NOT INDEXED` : this.table;
  }
}

/** Fields that every match has in one known value. */
const fixedFields = (filter: Filter | undefined): ReadonlySet<string> => {
  const terms = filter?.kind === 'and' ? filter.terms : filter ? [filter] : [];
  const fixed = new Set<string>();
  for (const term of terms) {
    if (term.kind === 'and') fixedFields(term).forEach((field) => fixed.add(field));
    if (term.kind === 'compare' && term.operator === '=' && term.value !== null) fixed.add(term.field);
  }
  return fixed;
};

const ends = (index: readonly string[], sort: readonly CheckedSort[]): boolean =>
  sort.every(
    ({ field, descending }, i) => field === index[index.length - sort.length + i] && descending === sort[0]!.descending,
  );
