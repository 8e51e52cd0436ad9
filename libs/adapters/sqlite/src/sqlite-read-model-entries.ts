import type { Position } from '@rapport/kernel';
import type { ColumnValue } from './sqlite-read-model-columns.js';
import { entriesIn, entriesTable, OPEN_COLUMN } from './sqlite-read-model-open.js';
import type { Queries } from './statements.js';

type Key = readonly [tenant: string, id: string];

/** By what fields of tenants lead to documents. Nothing is looked at for a document that says nothing in such. */
export class OpenEntries {
  private readonly insertSql: string;
  private readonly deleteSql: string;

  constructor(
    private readonly database: Queries,
    private readonly table: string,
  ) {
    const entries = entriesTable(table);
    this.insertSql = `INSERT INTO ${entries} (tenant, id, field, value) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`;
    this.deleteSql = `DELETE FROM ${entries} WHERE tenant = ? AND id = ? AND field = ? AND value = ?`;
  }

  /** What the column of open fields held, and holds now. What is in both stays where it is. */
  replace(key: Key, before: ColumnValue, after: ColumnValue): void {
    if (before === after) return;
    const [then, now] = [entriesOf(before), entriesOf(after)];
    this.run(this.deleteSql, key, beside(then, now));
    this.run(this.insertSql, key, beside(now, then));
  }

  /** Of a document that is about to go, if it is older than its removal. */
  remove(tenant: string, id: string, position: Position): void {
    const known = `SELECT ${OPEN_COLUMN} FROM ${this.table} WHERE tenant = ? AND id = ? AND position < ?`;
    const row = this.database.prepare(known).get(tenant, id, position);
    if (row) this.run(this.deleteSql, [tenant, id], entriesOf(row[OPEN_COLUMN] as ColumnValue));
  }

  private run(sql: string, [tenant, id]: Key, entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const statement = this.database.prepare(sql);
    for (const [field, value] of entries) statement.run(tenant, id, field, value);
  }
}

type Entry = ReturnType<typeof entriesIn>[number];

const entriesOf = (text: ColumnValue): readonly Entry[] => (text === null ? [] : entriesIn(String(text)));

/** Those of one list that are not in the other. */
const beside = (entries: readonly Entry[], others: readonly Entry[]): readonly Entry[] => {
  if (entries.length === 0 || others.length === 0) return entries;
  const known = new Set(others.map((entry) => JSON.stringify(entry)));
  return entries.filter((entry) => !known.has(JSON.stringify(entry)));
};
