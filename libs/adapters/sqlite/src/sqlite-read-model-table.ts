import { checkTenant, type Position } from '@rapport/kernel';
import {
  checkAggregation,
  checkMatching,
  checkQuery,
  checkScope,
  compareGroups,
  shown,
  visible,
  type Aggregation,
  type Document,
  type Filter,
  type Group,
  type Query,
  type QueryPage,
  type Scope,
  type ScopedFilter,
} from '@rapport/read-models';
import { ReadModelAccess } from './sqlite-read-model-access.js';
import type { ColumnValue, ReadModelColumns } from './sqlite-read-model-columns.js';
import type { Condition } from './sqlite-read-model-equality.js';
import { filterCondition } from './sqlite-read-model-filter.js';
import { OpenEntries } from './sqlite-read-model-entries.js';
import { isShort, partsOf } from './sqlite-read-model-parts.js';
import { findPage } from './sqlite-read-model-query.js';
import type { Way } from './sqlite-read-model-ways.js';
import type { Queries } from './statements.js';

type Row = Readonly<Record<string, ColumnValue>>;
/** Among several ways to what is counted, the first with no more entries than this is taken. */
const FEW = 1_000;

type Key = { readonly tenant: string; readonly id: string };

/** The documents of one generation. Everything is synchronous: the caller opens the transaction where one is needed. */
export class ReadModelTable {
  private readonly name: string;
  private readonly access: ReadModelAccess;
  private readonly entries: OpenEntries | undefined;
  private readonly knownSql: string;
  private readonly insertSql: string;
  private growing = true;
  private readonly updateSqls = new Map<string, string>();

  constructor(
    private readonly database: Queries,
    readonly tableId: number,
    readonly columns: ReadModelColumns,
    access?: ReadModelAccess,
  ) {
    this.name = tableName(tableId);
    this.access = access?.as(columns) ?? new ReadModelAccess(database, this.name, columns);
    this.entries = columns.openAt === undefined ? undefined : new OpenEntries(database, this.name);
    const names = ['tenant', 'id', ...columns.written];
    this.knownSql = `SELECT ${columns.written.join(', ')} FROM ${this.name} WHERE tenant = ? AND id = ?`;
    this.insertSql = `INSERT INTO ${this.name} (${names.join(', ')})
      SELECT ${names.map((_, i) => `?${i + 1}`).join(', ')}
      WHERE NOT EXISTS (SELECT 1 FROM read_model_removals
        WHERE table_id = ${tableId} AND tenant = ?1 AND id = ?2 AND position >= ?3)
      ON CONFLICT DO NOTHING`;
  }

  /** The same documents, asked for other fields. */
  as(columns: ReadModelColumns): ReadModelTable {
    return new ReadModelTable(this.database, this.tableId, columns, this.access);
  }

  /** Takes tenant, id and a value for each of the columns that are written, the position first. */
  put(row: readonly ColumnValue[]): void {
    // New documents come in rows, and so do changed ones: what the last one was is tried first.
    if (this.growing) this.growing = this.insert(row) || !this.change(row);
    else this.growing = !this.change(row) && this.insert(row);
  }

  /** False when there is the document already, or a removal that is no older. */
  private insert(row: readonly ColumnValue[]): boolean {
    const isNew = this.database.prepare(this.insertSql).run(...row).changes === 1;
    if (isNew) this.enter(row, null);
    return isNew;
  }

  /** @param before what the column of open fields held */
  private enter([tenant, id, ...values]: readonly ColumnValue[], before: ColumnValue): void {
    if (this.entries) this.entries.replace([tenant as string, id as string], before, values[this.columns.openAt!]!);
  }

  /** False when there is no such document. */
  private change(row: readonly ColumnValue[]): boolean {
    const [tenant, id, position] = row as [string, string, Position];
    const statement = this.database.prepare(this.knownSql);
    statement.setReturnArrays(true);
    const known = statement.get(tenant, id) as unknown as readonly ColumnValue[] | undefined;
    if (known && known[0]! < position) {
      this.update(row, known);
      this.enter(row, known[this.columns.openAt ?? 0]!);
    }
    return known !== undefined;
  }

  /** Names only the columns that change: SQLite renews the index entries of every column that an UPDATE names. */
  private update(row: readonly ColumnValue[], known: readonly ColumnValue[]): void {
    const names = this.columns.written;
    const changed: string[] = [];
    const values: ColumnValue[] = [];
    for (let i = 0; i < names.length; i++) {
      if (known[i] === row[i + 2]) continue;
      changed.push(names[i]!);
      values.push(row[i + 2]!);
    }
    const key = changed.join();
    let sql = this.updateSqls.get(key);
    if (sql === undefined) {
      const assignments = changed.map((name) => `${name} = ?`).join(', ');
      this.updateSqls.set(key, (sql = `UPDATE ${this.name} SET ${assignments} WHERE tenant = ? AND id = ?`));
    }
    this.database.prepare(sql).run(...values, row[0]!, row[1]!);
  }

  /** Statements that make the indexes that are missing. */
  missingIndexes(): readonly string[] {
    const there = this.database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?")
      .all(this.name);
    const names = new Set(there.map(({ name }) => name));
    return [...this.columns.indexStatements(this.name)].flatMap(([name, sql]) => (names.has(name) ? [] : [sql]));
  }

  /** Whether it has so few rows that going through them takes no time. */
  get isSmall(): boolean {
    return isShort(this.database, this.name);
  }

  remove(tenant: string, id: string, position: Position): void {
    this.entries?.remove(tenant, id, position);
    this.database
      .prepare(`DELETE FROM ${this.name} WHERE tenant = ? AND id = ? AND position < ?`)
      .run(tenant, id, position);
    this.database
      .prepare(
        `INSERT INTO read_model_removals (table_id, tenant, id, position) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET position = excluded.position WHERE excluded.position > position`,
      )
      .run(this.tableId, tenant, id, position);
  }

  get(scope: Scope, id: string): Document | undefined {
    const { tenant } = checkScope(scope);
    const row = this.database.prepare(`SELECT document FROM ${this.name} WHERE tenant = ? AND id = ?`).get(tenant, id);
    return row && visible(scope, this.columns.declaration, JSON.parse(row['document'] as string) as Document);
  }

  /** One statement per tenant. A removal counts only where no later document took the place. */
  load(keys: readonly Key[], found: (key: Key, document: Document | null, position: Position) => void): void {
    const wanted = 'SELECT value FROM json_each(?2)';
    const statement = this.database.prepare(
      `SELECT id, document, position FROM ${this.name} WHERE tenant = ?1 AND id IN (${wanted})
       UNION ALL
       SELECT id, NULL, position FROM read_model_removals r
       WHERE table_id = ${this.tableId} AND tenant = ?1 AND id IN (${wanted})
         AND NOT EXISTS (SELECT 1 FROM ${this.name} t WHERE t.tenant = r.tenant AND t.id = r.id)`,
    );
    for (const [tenant, ofTenant] of Map.groupBy(keys, (key) => key.tenant)) {
      for (const row of statement.all(checkTenant(tenant), JSON.stringify(ofTenant.map(({ id }) => id))) as Row[]) {
        const document = row['document'] === null ? null : (JSON.parse(row['document'] as string) as Document);
        found({ tenant, id: row['id'] as string }, document, row['position'] as Position);
      }
    }
  }

  async query(scope: Scope, query: Query): Promise<QueryPage<Document>> {
    const checked = checkQuery(this.columns.declaration, scope, query);
    const { texts, matches } = await findPage(this.database, this.access, checked);
    const found = texts.slice(0, checked.limit).map((text) => JSON.parse(text) as Document);
    const documents = found.map((document) => shown(scope, document));
    return {
      documents,
      ...(texts.length > checked.limit && { next: checked.cursorAfter(found.at(-1)!) }),
      ...(query.total && { total: matches ?? (await this.count(scope, query.filter)) }),
    };
  }

  async count(scope: Scope, filter?: Filter): Promise<number> {
    const matching = checkMatching(this.columns.declaration, scope, filter);
    const { tenant } = matching;
    const along = matching.filter && this.access.indexOfAll(matching.filter);
    if (along) {
      const entries = { sql: `${this.name} INDEXED BY ${along} WHERE tenant = ?`, values: [tenant] };
      return this.counted(this.matchesOf(entries, matching.filter));
    }
    const way = this.wayTo(matching);
    const isLong = matching.filter && !way && this.access.isScanned(tenant) && !isShort(this.database, this.name);
    const matches = this.matches(matching, way);
    if (!isLong) return this.counted(matches);
    let sum = 0;
    for await (const { sql, values } of partsOf(this.database, this.name))
      sum += this.counted({ sql: `${matches.sql} AND ${sql}`, values: [...matches.values, ...values] });
    return sum;
  }

  private counted({ sql, values }: Condition): number {
    return Number(this.database.prepare(`SELECT count(*) AS n FROM ${sql}`).get(...values)!['n']);
  }

  private wayTo({ tenant, filter }: ScopedFilter): Way | undefined {
    return filter && (this.access.lead(tenant, filter, FEW) ?? this.access.longLead(tenant, filter, FEW));
  }

  /** What follows `FROM`. */
  private matches(matching: ScopedFilter, way: Way | undefined): Condition {
    const { tenant, filter } = matching;
    if (!filter) return { sql: `${this.name} WHERE tenant = ?`, values: [tenant] };
    return this.matchesOf(this.access.source(tenant, way), filter);
  }

  private matchesOf(source: Condition, filter: Filter): Condition {
    const condition = filterCondition(filter, this.columns);
    return { sql: `${source.sql} AND ${condition.sql}`, values: [...source.values, ...condition.values] };
  }

  async estimatedCount(scope: Scope): Promise<number> {
    return checkScope(scope).rows ? this.count(scope) : this.access.estimatedCount(scope.tenant);
  }

  aggregate(scope: Scope, aggregation: Aggregation): readonly Group[] {
    const checked = checkAggregation(this.columns.declaration, scope, aggregation);
    const { groupBy, sums } = checked;
    const { sql, values } = this.matches(checked, this.wayTo(checked));
    const keys = groupBy.map((field) => this.columns.of(field));
    const selected = [
      ...keys.map(({ value }, i) => `${value} AS g${i}`),
      ...sums.map((field, i) => exactSum(this.columns.of(field).value, `s${i}`)),
    ];
    const grouping = keys.length > 0 ? ` GROUP BY ${keys.map(({ value }) => value).join(', ')}` : '';
    const rows = this.database
      .prepare(`SELECT ${['count(*) AS n', ...selected].join(', ')} FROM ${sql}${grouping}`)
      .all(...values) as Row[];
    const groups = rows.map((row) => ({
      key: keys.map(({ type }, i) =>
        type === 'boolean' && row[`g${i}`] !== null ? row[`g${i}`] === 1 : row[`g${i}`]!,
      ),
      count: Number(row['n']),
      sums: Object.fromEntries(sums.map((field, i) => [field, sumIn(row, `s${i}`)])),
    }));
    return groups.sort(compareGroups);
  }
}

export const tableName = (tableId: number): string => `read_model_${tableId}`;

/** The halves of whole numbers are added up apart, because SQLite's integers end at 2^63 and its other numbers are not exact. */
const exactSum = (value: string, name: string): string =>
  `coalesce(sum(CAST(${value} AS INTEGER) >> ${HALF}), 0) AS ${name}_high,
   coalesce(sum(CAST(${value} AS INTEGER) & ${2 ** HALF - 1}), 0) AS ${name}_low`;

const sumIn = (row: Row, name: string): bigint =>
  (BigInt(row[`${name}_high`] as number) << BigInt(HALF)) + BigInt(row[`${name}_low`] as number);

/** Bits: sums of each half are exact for 2^26 documents. */
const HALF = 27;
